import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '@picket/base/result';
import { workerWords } from '../../daemon/adapters/worker-process.ts';
import type { NetworkLayout } from '../../netconf/network-layout.ts';
import { workerHeapBounds } from '../../worker/heap-bounds.ts';

const program = fileURLToPath(new URL('../../worker/try-content.ts', import.meta.url));
/** A large collection loads in seconds; more is an endless loop, milliseconds. */
const deadlineMs = 300_000;
const mostText = 500;

/** Loads content in a process of its own, as the user that scans. The error is a clause. */
export function tryContent(
  folder: string,
  layout: NetworkLayout | null,
  signal: AbortSignal,
): Promise<Result<null, string>> {
  return new Promise((resolve) => {
    const argv = [process.execPath, ...workerHeapBounds, program, folder];
    const [command = '', ...words] = workerWords(argv, layout);
    const child = spawn(command, words, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
      signal,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(0, mostText)));
    child.on('error', (error) => resolve(err(error.message)));
    child.on('close', (code, ended) => {
      if (code === 0) resolve(ok(null));
      else resolve(err(text === '' ? `it ended with ${ended ?? `exit code ${code}`}` : text));
    });
  });
}
