import { spawn } from 'node:child_process';
import type { StartedDaemon } from '../launcher.ts';

/** Between asking a daemon to end and ending it, milliseconds. */
const graceMs = 10_000;

/**
 * Starts a daemon under this Node. Its output is the launcher's own; its standard input ends with the launcher, so that no daemon outlives the one that
 * watches it.
 */
export function startDaemonProcess(entry: string, args: readonly string[]): StartedDaemon {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin?.on('error', () => {});
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code));
  });
  let ending: Promise<void> | null = null;
  const end = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(timer);
  };
  return { ended, end: () => (ending ??= end()) };
}
