import { replayWindow } from '@picket/contracts/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handOverGraceMs, type InstanceState, judgeSequence, windowFromText, windowToText } from './replay.ts';

const current = (high: number, window = 1n): InstanceState => ({ high, window, supersededAt: null });

describe('judgeSequence', () => {
  const table: readonly [string, InstanceState | null, number, number, string][] = [
    ['a new instance is accepted and supersedes', null, 1, 0, 'accept'],
    ['the next number is accepted', current(1), 2, 0, 'accept'],
    ['the same number is a replay', current(7), 7, 0, 'replayed'],
    ['a late, unseen number inside the window is accepted', current(7), 6, 0, 'accept'],
    ['a number at the edge of the window is accepted', current(64), 1, 0, 'accept'],
    ['a number behind the window is a replay', current(65), 1, 0, 'replayed'],
    ['an old number of a superseded instance is a replay', { ...current(9), supersededAt: 0 }, 3, 99_999, 'replayed'],
    [
      'a new number of a superseded instance right after the hand-over is only refused',
      { ...current(9), supersededAt: 1000 },
      10,
      1000 + handOverGraceMs,
      'replayed',
    ],
    [
      'a new number of a superseded instance later means a clone',
      { ...current(9), supersededAt: 1000 },
      10,
      1001 + handOverGraceMs,
      'cloned',
    ],
  ];
  it.each(table)('%s', (_title, known, sequence, now, kind) => {
    expect(judgeSequence(known, sequence, now).kind).toBe(kind);
  });

  it('accepts no number twice, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 300 }), (sequence) => {
        let state: InstanceState | null = null;
        const accepted: number[] = [];
        for (const number of sequence) {
          const verdict = judgeSequence(state, number, 0);
          if (verdict.kind !== 'accept') continue;
          accepted.push(number);
          state = verdict.state;
        }
        expect(new Set(accepted).size).toBe(accepted.length);
      }),
    );
  });

  it('accepts every number once when none is overtaken by a whole window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: replayWindow - 1 }), { minLength: 1, maxLength: 200 }),
        (delays) => {
          const order = delays
            .map((delay, index) => ({ number: index + 1, at: index + delay }))
            .sort((a, b) => a.at - b.at || a.number - b.number);
          let state: InstanceState | null = null;
          for (const { number } of order) {
            const verdict = judgeSequence(state, number, 0);
            expect(verdict.kind).toBe('accept');
            if (verdict.kind === 'accept') state = verdict.state;
          }
        },
      ),
    );
  });

  it('keeps the window in a signed 64-bit column', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (window) => {
        const text = windowToText(window);
        expect(BigInt.asIntN(64, BigInt(text))).toBe(BigInt(text));
        expect(windowFromText(text)).toBe(window);
      }),
    );
  });
});
