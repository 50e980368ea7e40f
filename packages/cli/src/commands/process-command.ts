import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { exitCode } from '../exit-code.ts';

/**
 * Runs one of the programs in the foreground under the same Node.js; signals and the exit code pass through. With `onLine`
 * its standard output goes there line by line, else through.
 */
export function runForeground(main: string, args: readonly string[], onLine?: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      stdio: ['inherit', onLine ? 'pipe' : 'inherit', 'inherit'],
    });
    if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
    // A terminal sends Ctrl-C to the whole process group: the other program has it already.
    const pass = (signal: NodeJS.Signals) => () =>
      signal === 'SIGINT' && process.stdin.isTTY ? false : child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass(signal));
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? exitCode.failure));
  });
}
