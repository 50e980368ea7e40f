import { spawn } from 'node:child_process';
import { chmod, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CommandOptions, type CommandResult, runCommand } from '@picket/testkit/namespaces/run-command';
import type { Daemon } from './daemons/daemon.ts';
import type { LabNames } from './work-folder.ts';

const initScript = fileURLToPath(new URL('host-init.sh', import.meta.url));
const readyDeadlineMs = 15_000;
const prepareDeadlineMs = 90_000;

/** Folder of a host's files and logs. */
export function hostFolder(names: LabNames, host: string): string {
  return join(names.folder, 'hosts', host);
}

/**
 * Boots a host whose network namespace exists: starts the process that holds its mount, pid, ipc and uts namespaces, and waits until its
 * private file system stands. Returns the holder's process id; when the holder dies, the kernel ends everything on the host with it.
 */
export async function bootHost(names: LabNames, host: string): Promise<number> {
  const folder = hostFolder(names, host);
  await mkdir(folder, { recursive: true });
  const isolate = ['unshare', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--mount-proc'];
  const argv = ['netns', 'exec', names.namespace(host), ...isolate, 'sh', initScript, names.folder, host];
  const pid = await spawnDetached('ip', argv, join(folder, 'host.log'));
  const deadline = performance.now() + readyDeadlineMs;
  while ((await readFile(join(folder, 'ready'), 'utf8').catch(() => '')) === '') {
    if (performance.now() > deadline) {
      const log = await readFile(join(folder, 'host.log'), 'utf8');
      throw new Error(`host ${host} does not come up: ${log.trim() || 'no word from it'}`);
    }
    await delay(20);
  }
  return pid;
}

/** Command line that runs `argv` on a host: in all of its namespaces, as a process of its own process tree. */
export function onHost(holder: number, argv: readonly string[]): string[] {
  const spaces = ['--mount', '--uts', '--ipc', '--net', '--target', String(holder)];
  return ['nsenter', ...spaces, `--pid=/proc/${holder}/ns/pid_for_children`, '--', ...argv];
}

/** Runs a command on a host and waits for its end. */
export function runOnHost(holder: number, argv: readonly string[], options?: CommandOptions): Promise<CommandResult> {
  return runCommand(onHost(holder, argv), options);
}

/** Writes a daemon's files, runs its preparations and starts it in the foreground of the host. Its output goes to NAME.log. */
export async function startDaemon(names: LabNames, host: string, holder: number, daemon: Daemon): Promise<void> {
  const folder = join(hostFolder(names, host), daemon.name);
  const setup = daemon.setup({ folder, certificates: join(names.folder, 'certificates') });
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  for (const sub of setup.folders ?? []) await mkdir(join(folder, sub), { recursive: true });
  for (const [path, content] of Object.entries(setup.files ?? {})) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  for (const command of setup.prepare ?? []) {
    const result = await runOnHost(holder, command, { timeoutMs: prepareDeadlineMs });
    if (result.code === 0) continue;
    throw new Error(`host ${host}: cannot prepare ${daemon.name}: ${command.join(' ')}: ${result.stderr.trim()}`);
  }
  const [program, ...args] = onHost(holder, setup.argv);
  await spawnDetached(program ?? '', args, `${folder}.log`);
}

async function spawnDetached(program: string, args: readonly string[], logPath: string): Promise<number> {
  const log = await open(logPath, 'a');
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd], cwd: '/' });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return child.pid ?? 0;
  } finally {
    await log.close();
  }
}
