import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jsonLog, systemClock, systemRandom } from '@picket/base/adapters/system';
import { isoTime } from '@picket/base/clock';
import { describeError, PicketError, userError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { Secret } from '@picket/base/secret';
import { originOf } from '@picket/outbound/origin';
import type { Variables } from '@picket/outbound/proxy/proxy-variables';
import { serveConsoles } from './adapters/console-socket.ts';
import { contentInUse } from '../updates/adapters/content-in-use.ts';
import { updatesFolder } from '../updates/update-layout.ts';
import { doctorProbes } from './adapters/doctor-probes.ts';
import { findPlatform } from './adapters/find-platform.ts';
import { helperSocket } from './adapters/helper-socket.ts';
import { linuxNetworkWatch } from './adapters/linux-network-watch.ts';
import { readProxyPlan } from './adapters/read-proxy-plan.ts';
import { openStateDirectory } from './adapters/state-directory.ts';
import { workerLauncher } from './adapters/worker-process.ts';
import { ownPlace } from './adapters/own-place.ts';
import { readLayout } from '../netconf/adapters/read-layout.ts';
import { type DaemonConfig, daemonConfig, softwareVersion } from './config.ts';
import { ApplianceSession } from './console/appliance-session.ts';
import { ConsoleService } from './console/console-service.ts';
import { patientOf, probeTarget } from './console/patient.ts';
import { managedNetworkWatch } from './network/managed-network-watch.ts';
import { examine } from './doctor/examine.ts';
import { restartForNetwork, restartForUpdate } from './exit.ts';
import { PlaceKeeper } from './place-keeper.ts';
import { PlatformRoute } from './platform-route.ts';
import { startDaemon } from './start.ts';

/**
 * The appliance's daemon as a process. Options: --state DIR, --enrolment STRING|FILE, --personalization-code CODE|FILE,
 * --allow-list FILE, --wins ADDRESS[,ADDRESS…], --content DIR (default: the content beside this software), --templates DIR (may be repeated),
 * --kind KIND, --workers N, --spool-max-megabytes N, --await-platform (wait for a platform that is set at the console),
 * --worker-state DIR (of the scan workers, where they are another user; default: in the state directory),
 * --network-socket PATH (of the network helper; without it the network of this machine is never changed), --json,
 * --release-keys FILE (public keys that sign releases; without it nothing is installed), --updates DIR (of what is installed, where scan
 * workers are another user that must read content; default: in the state directory). A launcher adds --launched and, for software that was installed,
 * --running-version VERSION. The daemon itself adds --moved ATTEMPT when it goes on in another part of the network (docs/appliance-network.md).
 * Proxy, where no network helper has one (docs/proxies.md): --proxy URL, --proxy-user USER, --proxy-password FILE, --proxy-auth METHOD,
 * --proxy-file FILE, --proxy-pac FILE, --proxy-except LIST, --proxy-ca FILE; else the variables of `environment`.
 * With --json each change of the status is one JSON line on standard output (`applianceStatus`). Logs: standard error.
 * Exit code 0 after SIGTERM or SIGINT, 2 when it can't be started as asked, 1 when it could not go on, 75 when the launcher
 * should start other software, 76 when management has moved to another part of the network and only the starter can bring the daemon there.
 */
export async function run(environment: Variables): Promise<void> {
  const { config, json } = await readConfig(process.argv.slice(2));
  const log = jsonLog((line) => process.stderr.write(line));
  const worker = fileURLToPath(new URL('../worker/main.ts', import.meta.url));
  const helper = config.networkSocket === null ? null : helperSocket(config.networkSocket);
  const tools = { clock: systemClock, random: systemRandom };
  const configured = await readProxyPlan(config.proxy, environment);
  for (const warning of configured.warnings) log.write('warning', 'proxy.file', { warning });
  const connector = new PlatformRoute({ ...tools, ...configured, source: helper });
  // The helper's socket and its word on the layout are neighbours.
  const runFolder = config.networkSocket === null ? undefined : dirname(config.networkSocket);
  const watch = helper === null ? linuxNetworkWatch : managedNetworkWatch(linuxNetworkWatch, helper);
  const cache = join(config.workerDirectory ?? config.stateDirectory, 'cache', 'worker');
  const place = ownPlace(runFolder);
  // A launcher stays where it was started, and starts the next daemon there.
  if (helper !== null && process.argv.indexOf('--moved') < 0 && place.isLeft() && place.mayMove())
    place.move(movedArguments('boot'));
  const over = new AbortController();
  const keeper =
    helper === null
      ? null
      : new PlaceKeeper({ place, clock: systemClock, log, stop: () => session.stop(), signal: over.signal });
  const launch = workerLauncher(
    worker,
    () => workerArgs(config),
    cache,
    () => readLayout(runFolder),
  );
  const service = new ConsoleService({
    clock: systemClock,
    log,
    watch,
    kind: config.kind,
    softwareVersion: config.runningVersion ?? softwareVersion,
    helper,
    findPlatform: (host, port) => findPlatform(host, port, connector),
    enrol: (enrolment) => session.enrol(enrolment),
    onSettings: () => connector.forget(),
    isLeft: () => keeper?.isLeft ?? false,
    leave: (attempt) => keeper?.leave(attempt),
    examine: async (view, onReport) => {
      const hasProxy = await connector.hasProxy(view.status === null ? null : originOf(view.status.platform));
      const target = probeTarget(view, hasProxy);
      const probes = doctorProbes(target, watch, { connector, clock: systemClock });
      return examine(
        patientOf(view, hasProxy, () => isoTime(systemClock.now())),
        probes,
        onReport,
      );
    },
  });
  const consoles = consoleDoor(config.stateDirectory, service, log);
  const session = new ApplianceSession(config, {
    isNotEnrolled: (error) => error instanceof PicketError && error.code === 'appliance.not-enrolled',
    start: (settings) =>
      startDaemon(settings, {
        ...tools,
        log,
        connector,
        scanNetworkHelper: helper,
        launch,
        examine: () => service.examine(),
        restart: () => {
          process.exitCode = restartForUpdate;
          session.stop();
        },
        onStatus: (status) => {
          if (json) process.stdout.write(`${JSON.stringify(status)}\n`);
          service.statusChanged(status);
        },
      }),
    onDaemon: async (daemon) => {
      service.attach(daemon);
      await consoles.open();
    },
    onNoPlatform: async () => {
      const state = await openStateDirectory(config.stateDirectory);
      await consoles.open();
      return { end: () => state.release() };
    },
  });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    session.stop();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (config.launched) process.stdin.resume().on('end', stop);
  void keeper?.watch();
  void service.watchNetwork(over.signal);
  await session.run().finally(async () => {
    over.abort();
    await consoles.close();
  });
  const next = isStopped ? null : (keeper?.next ?? null);
  if (next?.by === 'itself') place.move(movedArguments(next.attempt));
  if (next !== null) process.exitCode = restartForNetwork;
}

/** This process's own arguments, for the one that goes on with an attempt. */
function movedArguments(attempt: string): string[] {
  const args = process.argv.slice(1);
  const at = args.indexOf('--moved');
  return [...(at < 0 ? args : args.toSpliced(at, 2)), '--moved', attempt];
}

/** Opens the socket for consoles once, when the state directory is ours. An appliance without a console still scans. */
function consoleDoor(stateDirectory: string, service: ConsoleService, log: Log) {
  let serving: { close(): Promise<void> } | null = null;
  return {
    open: async () => {
      try {
        serving ??= await serveConsoles(stateDirectory, service);
      } catch (error) {
        log.write('warning', 'console.closed', { detail: describeError(error) });
      }
    },
    close: async () => serving?.close(),
  };
}

function workerArgs(config: DaemonConfig): string[] {
  const args: string[] = [];
  if (config.allowListFile !== null) args.push('--allow-list', config.allowListFile);
  if (config.winsServers.length > 0) args.push('--wins', config.winsServers.join(','));
  if (config.networkSocket !== null) args.push('--network-run', dirname(config.networkSocket));
  const content = contentInUse(updatesFolder(config), config.contentDirectory);
  if (content !== null) args.push('--content', content);
  for (const folder of config.templateDirectories) args.push('--templates', folder);
  const folder = config.workerDirectory ?? config.stateDirectory;
  args.push('--cache', join(folder, 'cache', 'templates'));
  args.push('--login-tries', join(folder, 'worker', 'login-tries'));
  return args;
}

async function readConfig(args: readonly string[]): Promise<{ config: DaemonConfig; json: boolean }> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      state: { type: 'string' },
      enrolment: { type: 'string' },
      'personalization-code': { type: 'string' },
      'allow-list': { type: 'string' },
      wins: { type: 'string' },
      content: { type: 'string' },
      templates: { type: 'string', multiple: true },
      kind: { type: 'string' },
      workers: { type: 'string' },
      'spool-max-megabytes': { type: 'string' },
      'worker-state': { type: 'string' },
      'await-platform': { type: 'boolean' },
      'network-socket': { type: 'string' },
      proxy: { type: 'string' },
      'proxy-user': { type: 'string' },
      'proxy-password': { type: 'string' },
      'proxy-auth': { type: 'string' },
      'proxy-file': { type: 'string' },
      'proxy-pac': { type: 'string' },
      'proxy-except': { type: 'string' },
      'proxy-ca': { type: 'string' },
      'release-keys': { type: 'string' },
      updates: { type: 'string' },
      launched: { type: 'boolean' },
      'running-version': { type: 'string' },
      moved: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const code = values['personalization-code'];
  const parsed = daemonConfig.safeParse({
    stateDirectory: values.state,
    ...(values.enrolment === undefined ? {} : { enrolment: await textOrFile(values.enrolment, /^https:/) }),
    ...(code === undefined ? {} : { personalizationCode: new Secret((await textOrFile(code, /^[0-9]/)).trim()) }),
    ...(values['allow-list'] === undefined ? {} : { allowListFile: values['allow-list'] }),
    ...(values.wins === undefined ? {} : { winsServers: values.wins.split(',') }),
    proxy: await proxyValues(values),
    contentDirectory: values.content ?? shippedContent(),
    templateDirectories: values.templates ?? [],
    ...(values.kind === undefined ? {} : { kind: values.kind }),
    ...(values['await-platform'] === undefined ? {} : { awaitPlatform: values['await-platform'] }),
    ...(values['worker-state'] === undefined ? {} : { workerDirectory: values['worker-state'] }),
    ...(values['network-socket'] === undefined ? {} : { networkSocket: values['network-socket'] }),
    ...(values['release-keys'] === undefined ? {} : { releaseKeysFile: values['release-keys'] }),
    ...(values.updates === undefined ? {} : { updatesDirectory: values.updates }),
    ...(values['running-version'] === undefined ? {} : { runningVersion: values['running-version'] }),
    launched: values.launched ?? false,
    ...(values.moved === undefined ? {} : { firstAttempt: values.moved }),
    ...(values.workers === undefined ? {} : { workers: Number(values.workers) }),
    ...(values['spool-max-megabytes'] === undefined
      ? {}
      : { spoolMaxMegabytes: Number(values['spool-max-megabytes']) }),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw userError('appliance.config-invalid', `Option ${issue?.path.join('-')}: ${issue?.message}.`);
  }
  return { config: parsed.data, json: values.json ?? false };
}

interface ProxyValues {
  readonly proxy?: string;
  readonly 'proxy-user'?: string;
  readonly 'proxy-password'?: string;
  readonly 'proxy-auth'?: string;
  readonly 'proxy-file'?: string;
  readonly 'proxy-pac'?: string;
  readonly 'proxy-except'?: string;
  readonly 'proxy-ca'?: string;
}

async function proxyValues(values: ProxyValues): Promise<Record<string, unknown>> {
  const password = values['proxy-password'];
  return {
    url: values.proxy ?? null,
    user: values['proxy-user'] ?? null,
    // Not on the command line: every user of the machine can read that.
    password: password === undefined ? null : new Secret((await readFile(password, 'utf8')).replace(/\r?\n$/, '')),
    ...(values['proxy-auth'] === undefined ? {} : { auth: values['proxy-auth'] }),
    file: values['proxy-file'] ?? null,
    pac: values['proxy-pac'] ?? null,
    noProxy: values['proxy-except'] ?? null,
    caFile: values['proxy-ca'] ?? null,
  };
}

/** The `content` folder of the installation, if there is one. */
function shippedContent(): string | null {
  const path = fileURLToPath(new URL('../../../../content', import.meta.url));
  return existsSync(path) ? path : null;
}

/** The value itself when it looks like one, else the content of the file of that name. */
async function textOrFile(value: string, looksLikeOne: RegExp): Promise<string> {
  return looksLikeOne.test(value) ? value : readFile(value, 'utf8');
}
