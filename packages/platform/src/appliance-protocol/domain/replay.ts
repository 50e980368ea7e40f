import { replayWindow } from '@picket/contracts/protocol';

/**
 * Replay and clone detection for one device key, without trusting the device's clock. Every process of a daemon has a
 * random instance and numbers its requests from 1. One instance is current; a new one supersedes it (a restart). An
 * instance that was superseded and goes on with new numbers means that two machines hold one key.
 */
export interface InstanceState {
  /** Highest number seen. */
  readonly high: number;
  /** Bit n: number `high - n` was seen. Bit 0 is always set. 64 bits, unsigned. */
  readonly window: bigint;
  /** Milliseconds since the epoch; null while it may speak. */
  readonly supersededAt: number | null;
}

export type ReplayVerdict =
  /** Store `state`; an instance that is not the device's current one becomes it and supersedes the others. */
  | { readonly kind: 'accept'; readonly state: InstanceState }
  /** Used or too old; the sender asks again under a new number. */
  | { readonly kind: 'replayed' }
  /** Two machines use the key. */
  | { readonly kind: 'cloned' };

/**
 * A request that the killed process had already sent may overtake its successor's first one. For so long after the
 * hand-over it is refused as a replay instead of raising suspicion; a clone keeps talking and is noticed after that.
 */
export const handOverGraceMs = 5000;

const fullWindow = (1n << BigInt(replayWindow)) - 1n;

/** What to do with request `sequence` of an instance whose stored state is `known` (null: never heard of). */
export function judgeSequence(known: InstanceState | null, sequence: number, now: number): ReplayVerdict {
  if (known === null) {
    return { kind: 'accept', state: { high: sequence, window: 1n, supersededAt: null } };
  }
  if (known.supersededAt !== null) {
    const isNew = sequence > known.high;
    return { kind: isNew && now - known.supersededAt > handOverGraceMs ? 'cloned' : 'replayed' };
  }
  const next = advance(known, sequence);
  return next === null ? { kind: 'replayed' } : { kind: 'accept', state: next };
}

function advance(known: InstanceState, sequence: number): InstanceState | null {
  if (sequence > known.high) {
    const shift = sequence - known.high;
    const moved = shift >= replayWindow ? 0n : (known.window << BigInt(shift)) & fullWindow;
    return { ...known, high: sequence, window: moved | 1n };
  }
  const age = known.high - sequence;
  if (age >= replayWindow) return null;
  const bit = 1n << BigInt(age);
  return (known.window & bit) === 0n ? { ...known, window: known.window | bit } : null;
}

/** The window as PostgreSQL's signed bigint, decimal text. */
export function windowToText(window: bigint): string {
  return BigInt.asIntN(64, window).toString();
}

export function windowFromText(text: string): bigint {
  return BigInt.asUintN(64, BigInt(text));
}
