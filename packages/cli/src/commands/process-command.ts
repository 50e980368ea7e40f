import { spawn } from 'node:child_process';
import { exitCode } from '../exit-code.ts';

/** Runs one of the programs in the foreground under the same Node.js; signals and the exit code pass through. */
export function runForeground(main: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      stdio: 'inherit',
    });
    const pass = (signal: NodeJS.Signals) => () => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass(signal));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? exitCode.failure));
  });
}
