import { Worker } from 'node:worker_threads';
import { describeError } from '@picket/base/error';
import { LoopControl } from '../packets/loop-control.ts';
import type { LoopReport } from '../packets/messages.ts';
import type { OpenPackets } from '../packets/packet-port.ts';

/** Its garbage is short-lived and its state small: V8 would let either grow to hundreds of megabytes before it looks. */
const resourceLimits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 192 };

/**
 * The packet loop in a thread of its own, because its system calls block. It is never terminated: a flag in shared memory ends it
 * within one turn, and it closes its sockets itself.
 */
export const openPacketThread: OpenPackets = (config, onReport) => {
  const control = new LoopControl(config.control);
  const worker = new Worker(new URL('./packet-worker.ts', import.meta.url), {
    // One count for all threads, which a step of the wall clock leaves alone; `performance.now()` begins anew in each of them.
    workerData: { ...config, openedAtNs: process.hrtime.bigint() },
    resourceLimits,
  });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  worker.on('message', (report: LoopReport) => onReport(report));
  worker.on('error', (error) => onReport({ kind: 'fault', message: describeError(error) }));
  // A run that is over must not be kept alive by its thread; `close` waits for it.
  worker.unref();
  return {
    post: (request) => {
      worker.postMessage(request);
      control.wake();
    },
    close: async () => {
      worker.ref();
      control.stop();
      await exited;
    },
  };
};
