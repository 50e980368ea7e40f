import { describeError } from '@picket/base/error';
import type { Random } from '@picket/base/random';
import type { FuzzTarget } from './fuzz-target.ts';
import { nextInput } from './mutation.ts';

/** An input that a decoder did not survive. */
export interface FuzzFailure {
  readonly target: string;
  readonly kind: 'throw' | 'over-read' | 'write' | 'slow';
  readonly detail: string;
  /** The input, hexadecimal. */
  readonly input: string;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly failure: FuzzFailure | null;
  /** Longest single input, milliseconds. */
  readonly slowestMs: number;
}

export interface FuzzOptions {
  readonly count: number;
  readonly random: Random;
  /** Milliseconds from any start that never goes back. */
  readonly now: () => number;
  /** Processor time, milliseconds: what seems slow is decoded once more by it, for the machine may be busy with other things. */
  readonly processorMs: () => number;
  /** An input that takes longer is a failure, milliseconds. */
  readonly slowMs: number;
  /** Called before each input is fed, with its number, so that a watcher can tell a hang. */
  readonly onInput?: (index: number, input: Uint8Array) => void;
}

const defaultMaxLength = 2048;
/** One in so many inputs is decoded twice with other bytes around it. */
const surroundedShare = 4;
const margin = 16;

/** Feeds `count` inputs to a decoder; ends at the first that it does not survive. */
export function fuzz(target: FuzzTarget, options: FuzzOptions): FuzzResult {
  const { count, random, now, processorMs, slowMs } = options;
  let slowestMs = 0;
  for (let index = 0; index < count; index += 1) {
    const input = nextInput(target.corpus, random, target.maxLength ?? defaultMaxLength);
    options.onInput?.(index, input);
    const failed = (kind: FuzzFailure['kind'], detail: string): FuzzResult => {
      const hex = Buffer.from(input).toString('hex');
      return { inputs: index + 1, failure: { target: target.name, kind, detail, input: hex }, slowestMs };
    };
    const startedAt = now();
    try {
      if (index % surroundedShare !== 0) target.decode(input);
      else {
        const difference = differs(target, input);
        if (difference !== null) return failed(difference.kind, difference.detail);
      }
    } catch (error) {
      return failed('throw', `${describeError(error)} ${error instanceof Error ? (error.stack ?? '') : ''}`);
    }
    const took = now() - startedAt;
    slowestMs = Math.max(slowestMs, took);
    if (took <= slowMs) continue;
    const before = processorMs();
    target.decode(input);
    const computed = processorMs() - before;
    if (computed > slowMs) return failed('slow', `${Math.round(computed)} ms`);
  }
  return { inputs: count, failure: null, slowestMs };
}

/** Decodes the same bytes inside two buffers that differ around them: a result that differs was read past the view. */
function differs(target: FuzzTarget, input: Uint8Array): Pick<FuzzFailure, 'kind' | 'detail'> | null {
  const results = [0x00, 0xff].map((fill) => {
    const whole = new Uint8Array(input.length + 2 * margin).fill(fill);
    whole.set(input, margin);
    const view = whole.subarray(margin, margin + input.length);
    const result = plain(target.decode(view));
    const written = whole.some((byte, at) =>
      at >= margin && at < margin + input.length ? byte !== input[at - margin] : byte !== fill,
    );
    return { result, written };
  });
  if (results.some(({ written }) => written)) return { kind: 'write', detail: 'the decoder changed the bytes' };
  const [one, other] = results;
  if (one?.result === other?.result) return null;
  return { kind: 'over-read', detail: `${one?.result.slice(0, 300)} or ${other?.result.slice(0, 300)}` };
}

/** A result as text that can be compared; maps, sets, bytes and big integers included. */
function plain(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) => {
      if (each instanceof Map) return ['map', ...each];
      if (each instanceof Set) return ['set', ...each];
      if (each instanceof Uint8Array) return Buffer.from(each).toString('hex');
      return typeof each === 'bigint' ? each.toString() : each;
    }) ?? 'undefined'
  );
}
