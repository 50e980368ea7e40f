import { seededRandom } from '../testing/seeded-random.ts';
import { fuzz, type FuzzOptions, type FuzzResult } from './fuzz-run.ts';
import type { FuzzTarget } from './fuzz-target.ts';

/** What a watcher sees of a fuzz run in another thread: number of the input, its length, its bytes. */
export interface FuzzWindow {
  readonly state: Int32Array;
  readonly input: Uint8Array;
}

const inputOffset = 16;
const inputBytes = 16_384;

/** Shared memory for one run. */
export function fuzzMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(inputOffset + inputBytes);
}

/** The two views of it. */
export function fuzzWindow(memory: SharedArrayBuffer): FuzzWindow {
  return { state: new Int32Array(memory, 0, 4), input: new Uint8Array(memory, inputOffset, inputBytes) };
}

/** Runs one target with a seed of its own, so that it can be run again alone; shows each input before it is decoded. */
export function fuzzOne(
  target: FuzzTarget,
  run: Pick<FuzzOptions, 'count' | 'slowMs' | 'now' | 'processorMs'> & { readonly seed: number },
  window: FuzzWindow | null = null,
): FuzzResult {
  const { count, now, processorMs, slowMs } = run;
  const show = (index: number, input: Uint8Array) => {
    if (window === null) return;
    window.input.set(input.subarray(0, inputBytes));
    Atomics.store(window.state, 1, Math.min(input.length, inputBytes));
    Atomics.store(window.state, 0, index);
  };
  return fuzz(target, {
    count,
    now,
    processorMs,
    slowMs,
    random: seededRandom(run.seed ^ hashOf(target.name)),
    onInput: show,
  });
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash;
}
