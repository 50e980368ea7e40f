import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { runScript } from '../checks/javascript/sandbox/run-script.ts';
import type { HostAnswer, ThreadReport, ThreadRequest } from '../checks/javascript/sandbox/script-messages.ts';

/**
 * Entry of a thread that runs scripts; see `script-thread.ts`. A script calls functions of the host as if they returned at once: the
 * thread sleeps on shared memory until the answer is there.
 */
const port = parentPort;
const { wasm, wake, computeMs }: { wasm: WebAssembly.Module; wake: Int32Array; computeMs: number } = workerData;

/** Processor time of this thread, milliseconds: a script does not compute longer because others had their turn. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function report(message: ThreadReport): void {
  port?.postMessage(message);
}

function call(name: string, args: string): HostAnswer {
  const seen = Atomics.load(wake, 0);
  report({ kind: 'call', name, args });
  for (let last = seen; ; last = Atomics.load(wake, 0)) {
    const next: { message: ThreadRequest } | undefined = port === null ? undefined : receiveMessageOnPort(port);
    if (next?.message.kind === 'answer') return next.message.answer;
    Atomics.wait(wake, 0, last, 1000);
  }
}

port?.on('message', (request: ThreadRequest) => {
  if (request.kind !== 'run') return;
  const tools = { wasm, call, computeMs, now: processorMs };
  void runScript(request.job, tools).then(
    (outcome) => report({ kind: 'end', outcome }),
    () =>
      report({ kind: 'end', outcome: { kind: 'stopped', limit: 'memory', detail: 'the sandbox could not be made' } }),
  );
});
