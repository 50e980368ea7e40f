import { expect, test } from 'vitest';
import { newStream, nextStream, reopenAfterMs, type StreamLife, type StreamStep } from './stream-life.ts';

const after = (steps: readonly StreamStep[], from: StreamLife = newStream) => steps.reduce(nextStream, from);

test('every step from every phase leads where the table says', () => {
  const open = { phase: 'open', failures: 2 } as const;
  const waiting = { phase: 'waiting', failures: 2 } as const;
  const hidden = { phase: 'hidden', failures: 0 } as const;
  const table: readonly (readonly [StreamLife, StreamStep, StreamLife])[] = [
    [open, 'opened', newStream],
    [open, 'failed', { phase: 'waiting', failures: 3 }],
    [open, 'due', open],
    [open, 'hidden', hidden],
    [open, 'shown', open],
    [waiting, 'opened', waiting],
    [waiting, 'failed', waiting],
    [waiting, 'due', open],
    [waiting, 'hidden', hidden],
    [waiting, 'shown', waiting],
    [hidden, 'opened', hidden],
    [hidden, 'failed', hidden],
    [hidden, 'due', hidden],
    [hidden, 'hidden', hidden],
    [hidden, 'shown', newStream],
  ];
  for (const [from, step, to] of table) expect(nextStream(from, step), `${from.phase} ${step}`).toEqual(to);
});
test('a stream that is refused again and again counts its failures, and forgets them once it opens', () => {
  expect(after(['failed', 'due', 'failed', 'due', 'failed'])).toEqual({ phase: 'waiting', failures: 3 });
  expect(after(['failed', 'due', 'failed', 'due', 'opened'])).toEqual(newStream);
});
test('an open stream that hears that it is open stays the same thing', () => {
  expect(nextStream(newStream, 'opened')).toBe(newStream);
});
test('waits double up to a minute, and differ between pages', () => {
  expect([1, 2, 3, 7, 50].map((failures) => reopenAfterMs(failures, 1))).toEqual([1000, 2000, 4000, 60_000, 60_000]);
  expect(reopenAfterMs(3, 0)).toBe(2000);
});
