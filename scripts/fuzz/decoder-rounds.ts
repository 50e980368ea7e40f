import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fuzzMemory, fuzzWindow } from '../../packages/engine/src/fuzz/fuzz-job.ts';
import type { FuzzResult } from '../../packages/engine/src/fuzz/fuzz-run.ts';
import { fuzzTargets } from '../../packages/engine/src/fuzz/registry.ts';

export interface DecoderRun {
  readonly count: number;
  readonly seed: number;
  /** Only targets whose name holds this text; null: all. */
  readonly only: string | null;
  /** The first target; null: the first there is. */
  readonly from: string | null;
}

/**
 * An input that takes longer is a failure; one that takes longer than the second figure is a hang. Milliseconds of processor time:
 * on a busy machine an input is not slow because others had their turn.
 */
const slowMs = 2000;
const hangMs = 20_000;
const watchMs = 500;

type Message =
  | { readonly kind: 'begin'; readonly name: string }
  | { readonly kind: 'end'; readonly name: string; readonly result: FuzzResult; readonly seconds: number };

/** Feeds every decoder `count` inputs in a thread of its own; true when all survived. */
export async function fuzzDecoders(run: DecoderRun, say: (line: string) => void): Promise<boolean> {
  const all = fuzzTargets.map(({ name }) => name);
  const names = all
    .slice(run.from === null ? 0 : all.indexOf(run.from))
    .filter((name) => run.only === null || name.includes(run.only));
  say(`${names.length} decoders, ${run.count.toLocaleString('en')} inputs each, seed ${run.seed}`);
  const startedAt = performance.now();
  const failures = await runWorker(names, run, say);
  const seconds = (performance.now() - startedAt) / 1000;
  const inputs = names.length * run.count;
  if (failures > 0)
    say(
      `${failures} of ${names.length} decoders failed; again: npm run fuzz -- --seed ${run.seed} --count ${run.count} --only NAME`,
    );
  else
    say(
      `no decoder failed: ${inputs.toLocaleString('en')} inputs in ${Math.round(seconds)} s, ${Math.round(inputs / seconds)}/s`,
    );
  return failures === 0 && names.length > 0;
}

async function runWorker(names: readonly string[], run: DecoderRun, say: (line: string) => void): Promise<number> {
  let failures = 0;
  for (let left = names; left.length > 0; ) {
    const memory = fuzzMemory();
    const workerData = { names: left, count: run.count, seed: run.seed, slowMs, memory };
    const worker = new Worker(join(import.meta.dirname, 'fuzz-worker.ts'), { workerData });
    let current = left[0] ?? '';
    let done = 0;
    const ended = new Promise<'over' | 'hang'>((resolve, reject) => {
      const watch = watchFor(memory, () => resolve('hang'));
      worker.on('message', (message: Message) => {
        if (message.kind === 'begin') current = message.name;
        if (message.kind !== 'end') return;
        done += 1;
        if (!tell(message, say)) failures += 1;
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve('over'));
      void Promise.allSettled([new Promise((end) => worker.once('exit', end))]).then(() => clearInterval(watch));
    });
    const how = await ended;
    if (how === 'over') break;
    failures += 1;
    const { state, input } = fuzzWindow(memory);
    const bytes = input.slice(0, Atomics.load(state, 1));
    say(`${current}  HANG at input ${Atomics.load(state, 0)}: ${Buffer.from(bytes).toString('hex')}`);
    await worker.terminate();
    left = left.slice(done + 1);
  }
  return failures;
}

/** Calls back when the number of the input stands still for too long. What the process computes, the fuzzing thread computes. */
function watchFor(memory: SharedArrayBuffer, onHang: () => void): NodeJS.Timeout {
  const { state } = fuzzWindow(memory);
  let last = -1;
  let since = process.cpuUsage();
  return setInterval(() => {
    const index = Atomics.load(state, 0);
    const { user, system } = process.cpuUsage(since);
    if (index !== last) since = process.cpuUsage();
    else if ((user + system) / 1000 > hangMs) onHang();
    last = index;
  }, watchMs);
}

function tell(message: Extract<Message, { kind: 'end' }>, say: (line: string) => void): boolean {
  const { name, result, seconds } = message;
  const rate = `${Math.round(result.inputs / Math.max(seconds, 0.001)).toLocaleString('en')}/s`;
  if (result.failure === null) {
    say(
      `${name.padEnd(28)} ${result.inputs.toLocaleString('en')} inputs  ${rate}  slowest ${result.slowestMs.toFixed(1)} ms`,
    );
    return true;
  }
  const { kind, detail, input } = result.failure;
  say(`${name}  FAILED at input ${result.inputs} (${kind}): ${detail}\n  input: ${input}`);
  return false;
}
