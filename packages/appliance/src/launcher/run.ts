import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonLog, systemClock } from '@picket/base/adapters/system';
import { userError } from '@picket/base/error';
import { privateFolder } from '../daemon/adapters/private-files.ts';
import { diskUpdateFiles } from '../updates/adapters/disk-update-files.ts';
import { updatesFolder } from '../updates/update-layout.ts';
import { startDaemonProcess } from './adapters/daemon-process.ts';
import { Launcher } from './launcher.ts';

/** Software of a release starts here. */
const entryName = 'appliance.mjs';
const defaultCallHomeSeconds = 600;

/**
 * The launcher as a process: takes every option of the daemon and hands it on, and --call-home-seconds N (10 to 86400, default 600): the time that new
 * software has to reach the platform. Exit codes are the daemon's.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { stateDirectory, updatesDirectory, callHomeSeconds, forDaemon } = readOptions(args);
  await privateFolder(stateDirectory);
  const files = await diskUpdateFiles(updatesFolder({ stateDirectory, updatesDirectory }));
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort(new Error(signal)));
  const shipped = fileURLToPath(new URL('../daemon/main.ts', import.meta.url));
  const launcher = new Launcher({
    files,
    start: (version) =>
      version === null
        ? startDaemonProcess(shipped, [...forDaemon, '--launched'])
        : startDaemonProcess(join(files.folder('software', version), entryName), [
            ...forDaemon,
            '--launched',
            '--running-version',
            version,
          ]),
    callHomeMs: callHomeSeconds * 1000,
    clock: systemClock,
    log: jsonLog((line) => process.stderr.write(line)).with({ process: 'launcher' }),
    signal: stopping.signal,
  });
  return launcher.run();
}

interface Options {
  readonly stateDirectory: string;
  readonly updatesDirectory: string | null;
  readonly callHomeSeconds: number;
  readonly forDaemon: readonly string[];
}

/** Only what the launcher itself needs is read: options of a newer daemon must get through. */
function readOptions(args: readonly string[]): Options {
  const valueOf = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const stateDirectory = valueOf('--state');
  if (stateDirectory === undefined)
    throw userError('launcher.no-state', 'The launcher needs a state directory.', 'Give it with --state DIR.');
  const seconds = valueOf('--call-home-seconds') ?? String(defaultCallHomeSeconds);
  const callHomeSeconds = /^[0-9]{1,5}$/.test(seconds) ? Number(seconds) : 0;
  if (callHomeSeconds < 10 || callHomeSeconds > 86_400)
    throw userError('launcher.call-home-seconds', `"${seconds}" is no time to call home.`, 'Give 10 to 86400 seconds.');
  const at = args.indexOf('--call-home-seconds');
  const forDaemon = at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 2)];
  return { stateDirectory, updatesDirectory: valueOf('--updates') ?? null, callHomeSeconds, forDaemon };
}
