import { parentPort, workerData } from 'node:worker_threads';
import { fuzzOne, fuzzWindow } from '../../packages/engine/src/fuzz/fuzz-job.ts';
import { fuzzTargets } from '../../packages/engine/src/fuzz/registry.ts';
import { z } from 'zod';

/** Runs the decoders it is given, one after the other; tells the result of each. Ended from outside when one hangs. */
const data = z
  .object({
    names: z.array(z.string()),
    count: z.number(),
    seed: z.number(),
    slowMs: z.number(),
    memory: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData);
const window = fuzzWindow(data.memory);

/** Processor time of this thread, milliseconds. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

for (const name of data.names) {
  const target = fuzzTargets.find((each) => each.name === name);
  if (!target) continue;
  parentPort?.postMessage({ kind: 'begin', name });
  const startedAt = performance.now();
  const result = fuzzOne(target, { ...data, now: () => performance.now(), processorMs }, window);
  parentPort?.postMessage({ kind: 'end', name, result, seconds: (performance.now() - startedAt) / 1000 });
}
