import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jsonLog, systemClock } from '@picket/base/adapters/system';
import { type Clock, isoTime } from '@picket/base/clock';
import { describeError, userError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { privateFolder, readIfThere, replaceFile } from '../daemon/adapters/private-files.ts';
import { startClient } from './adapters/client-process.ts';
import { listenForRequests } from './adapters/helper-socket.ts';
import { overwriteFile } from './adapters/overwrite-file.ts';
import { runIn, type Spaces } from './adapters/spaces.ts';
import { type RunTool, runTool } from './adapters/tool.ts';
import { readAdvertisement } from './advertisement-text.ts';
import { type ApplianceMarker, applianceMarker } from './appliance-marker.ts';
import { Clients } from './clients.ts';
import { documentText, networkDocument, type NetworkDocument } from './network-document.ts';
import { NetworkHelper } from './network-helper.ts';
import { Reconciler } from './reconciler.ts';

/** Where the helper looks and keeps things. */
export interface HelperOptions {
  readonly marker: string;
  /** A network namespace that was handed over, in place of this machine's own network. */
  readonly namespace: string | null;
  readonly state: string;
  readonly run: string;
  readonly socketGroup: number | null;
}

/** What a test may look over: programs are run and files are kept through these. */
export interface HelperPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly runTool: RunTool;
  readonly replaceFile: (path: string, text: string) => Promise<void>;
}

/**
 * The network helper as a process, as root. Options: --marker FILE (/etc/picket/appliance.json), --namespace NAME, --state DIR
 * (/var/lib/picket/network), --run DIR (/run/picket), --socket-group GID. It changes nothing on a machine without the marker file.
 * Logs: standard error. Exit code 0 after SIGTERM or SIGINT, 2 when it may not run here, 1 when it could not go on.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const log = jsonLog((line) => process.stderr.write(line)).with({ process: 'network' });
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGINT', () => stop.abort());
  await serve(readOptions(argv), { clock: systemClock, log, runTool, replaceFile }, stop.signal);
}

/** Command-line words to options; unknown ones are an error. */
export function readOptions(argv: readonly string[]): HelperOptions {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { marker: option, namespace: option, state: option, run: option, 'socket-group': option },
  });
  const group = values['socket-group'];
  if (group !== undefined && !/^\d{1,9}$/.test(group))
    throw userError('netconf.config-invalid', `Option --socket-group: ${group} is no group id.`);
  if (values.namespace !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(values.namespace))
    throw userError('netconf.config-invalid', `Option --namespace: ${values.namespace} is no namespace name.`);
  return {
    marker: values.marker ?? '/etc/picket/appliance.json',
    namespace: values.namespace ?? null,
    state: values.state ?? '/var/lib/picket/network',
    run: values.run ?? '/run/picket',
    socketGroup: group === undefined ? null : Number(group),
  };
}

/** Runs until the signal: applies the stored document, listens, watches. */
export async function serve(options: HelperOptions, ports: HelperPorts, signal: AbortSignal): Promise<void> {
  const marker = await readMarker(options.marker);
  const { clock, log } = ports;
  const spaces: Spaces = { scan: options.namespace, management: marker.managementNamespace };
  await privateFolder(options.state);
  await mkdir(join(options.run, 'resolv'), { recursive: true, mode: 0o755 });
  let helper: NetworkHelper | null = null;
  const clients = new Clients({
    clock,
    log,
    start: (client, wanted, listener) =>
      startClient(
        {
          client,
          spaces,
          wanted,
          hostname: hostname().slice(0, 63),
          folder: options.state,
          now: () => isoTime(clock.now()),
        },
        listener,
      ),
    solicit: async (client) => {
      const asked = await ports.runTool(
        runIn(spaces, client.space, ['rdisc6', '-1', '-r', '2', '-w', '1500', client.device]),
      );
      return readAdvertisement(asked.stdout);
    },
    onChange: () => helper?.wake(),
  });
  const writeFile = async (path: string, text: string) => {
    await ports.replaceFile(path, text);
    await chmod(path, 0o644);
  };
  const reconciler = new Reconciler({
    clock,
    log,
    run: ports.runTool,
    spaces,
    marker,
    clients,
    runFolder: options.run,
    writeFile,
    writeResolver: async (path, text) => {
      if (!(await overwriteFile(path, text))) await writeFile(path, text);
    },
  });
  const file = join(options.state, 'network.json');
  helper = new NetworkHelper(
    {
      clock,
      log,
      reconciler,
      kind: marker.kind,
      save: (document) => ports.replaceFile(file, documentText(document)),
      renew: (port) => clients.renew(port),
      power: options.namespace === null ? powerOf(ports.runTool) : null,
    },
    await readDocument(file, log),
  );
  const keeper = helper;
  const server = await listenForRequests(join(options.run, 'network.sock'), options.socketGroup, {
    handle: (request) => keeper.handle(request),
    working: () => keeper.working,
  });
  log.write('info', 'network.ready', { socket: join(options.run, 'network.sock') });
  try {
    await helper.run(signal);
  } finally {
    server.close();
    await clients.close();
  }
}

/** The marker, or a refusal that says that nothing was changed. Only root may have written it. */
async function readMarker(path: string): Promise<ApplianceMarker> {
  const refuse = (why: string) =>
    userError(
      'netconf.not-an-appliance',
      `This machine is not set up as an appliance: ${path} ${why}. Nothing was changed.`,
      'The network helper belongs on appliances, where the image or the installer writes this file. It names the ports.',
    );
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'ENOENT' ? 'does not exist' : `can't be read (${error.code})`);
  });
  const { uid, mode } = await stat(path);
  if (uid !== 0 || (mode & 0o022) !== 0) throw refuse('may be written by others than root');
  const parsed = applianceMarker.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuse(`is not understood: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** The stored document; one that can't be read is put aside, and the factory default is in force, as after a reset. */
async function readDocument(file: string, log: Log): Promise<NetworkDocument | null> {
  const text = await readIfThere(file);
  if (text === null) return null;
  const parsed = networkDocument.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  log.write('error', 'network.document-unreadable', { file, detail: describeError(parsed.error).slice(0, 200) });
  await replaceFile(`${file}.unreadable`, text);
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function powerOf(tool: RunTool): (what: 'shutdown' | 'reboot') => Promise<string | null> {
  return async (what) => {
    const done = await tool(['systemctl', what === 'shutdown' ? 'poweroff' : 'reboot']);
    return done.code === 0 ? null : done.stderr.trim();
  };
}
