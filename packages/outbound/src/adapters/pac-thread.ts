import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '@picket/base/result';
import { type PacEvaluator, pacLimits } from '../proxy/pac-script.ts';
import type { PacThreadData, PacThreadReport } from './pac-messages.ts';

const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 };

/**
 * Evaluates PAC files, each in a thread that is ended with it: the sandbox can't interrupt every built-in function, the end of the
 * thread can (docs/decisions/0025).
 */
export function pacThread(totalMs: number = pacLimits.totalMs): PacEvaluator {
  let wasm: WebAssembly.Module | null = null;
  return {
    find: (script, url, host, signal) => {
      if (script.length > pacLimits.scriptCharacters) return Promise.resolve(err('The PAC file is too long.'));
      wasm ??= new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'))));
      return evaluate({ wasm, script, url, host }, totalMs, signal);
    },
  };
}

function evaluate(data: PacThreadData, totalMs: number, signal: AbortSignal): Promise<Result<string, string>> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./pac-worker.ts', import.meta.url), {
      workerData: data,
      resourceLimits,
      // A thread shares neither environment nor output with the process.
      env: {},
      stdout: true,
      stderr: true,
    });
    const settle = (result: Result<string, string>) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      worker.removeAllListeners('exit');
      void worker.terminate();
      resolve(result);
    };
    const failed = (reason: string) => settle(err(`The PAC file can not be used: ${reason}.`));
    const onAbort = () => failed('it was cancelled');
    const timer = setTimeout(() => failed(`no result in ${totalMs} ms`), totalMs);
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (report: PacThreadReport) =>
      'result' in report ? settle(ok(report.result)) : failed(report.reason),
    );
    worker.on('error', () => failed('its thread ended'));
    worker.on('exit', () => failed('its thread ended'));
  });
}
