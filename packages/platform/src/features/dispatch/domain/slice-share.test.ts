import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastShare, measuredSpeed, sliceShare } from './slice-share.ts';

const busy = (speed: number | null) => ({ speed, working: true });
const speed = fc.option(fc.double({ min: 0.01, max: 1000, noNaN: true }), { nil: null });
const sharer = fc.record({ speed, working: fc.boolean() });

describe('measuredSpeed', () => {
  it.each([
    ['nothing ended yet', { done: 0, held: 16, since: 0, heldSince: 0 }, null],
    ['at work again', { done: 100, held: 50, since: 0, heldSince: 80_000 }, 1.25],
    ['between two slices', { done: 100, held: 0, since: 0, heldSince: null }, 1],
    ['stuck in a slice', { done: 100, held: 20, since: 0, heldSince: 10_000 }, 1.2],
  ])('%s', (_title, record, speed) => {
    expect(measuredSpeed(record, 100_000)).toBe(speed);
  });
});

describe('sliceShare', () => {
  it.each([
    ['alone it gets all', { waiting: 4096, mine: null, others: [], least: 16 }, 4096],
    [
      'of three unknown ones it gets a twelfth',
      { waiting: 1200, mine: null, others: [busy(null), busy(null)], least: 16 },
      100,
    ],
    ['by its speed', { waiting: 1000, mine: 3, others: [busy(1), busy(1)], least: 16 }, 300],
    ['a slow one gets little', { waiting: 1000, mine: 1, others: [busy(10), busy(9)], least: 16 }, 25],
    ['not less than is worth a lease', { waiting: 40, mine: 1, others: [busy(1), busy(1)], least: 16 }, 16],
    ['not more than there is', { waiting: 5, mine: 1, others: [busy(1), busy(1)], least: 16 }, 5],
    [
      'a slow one leaves the end to the others',
      { waiting: 40, mine: 1, others: [busy(10), busy(10)], least: 16 },
      null,
    ],
    [
      'and takes it when the others work elsewhere',
      { waiting: 40, mine: 1, others: [{ speed: 10, working: false }], least: 16 },
      16,
    ],
    [
      'many equal ones all get the last slices',
      { waiting: 16, mine: 2, others: Array.from({ length: 9 }, () => busy(2)), least: 16 },
      16,
    ],
  ])('%s', (_title, work, share) => {
    expect(sliceShare(work)).toBe(share);
  });

  it('gives something that is there, and leaves nothing unless another is at work', () => {
    fc.assert(
      fc.property(
        fc.record({
          waiting: fc.integer({ min: 1, max: 1_000_000 }),
          mine: speed,
          others: fc.array(sharer, { maxLength: 8 }),
          least: fc.integer({ min: 1, max: 64 }),
        }),
        (work) => {
          const share = sliceShare(work);
          if (share === null) expect(work.others.some((one) => one.working)).toBe(true);
          else {
            expect(share).toBeGreaterThanOrEqual(Math.min(work.least, work.waiting));
            expect(share).toBeLessThanOrEqual(work.waiting);
          }
        },
      ),
    );
  });

  it('keeps appliances of any speeds busy till near the end: nobody ends long after the others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 500, max: 5000 }),
        (speeds, addresses) => {
          const ideal = addresses / speeds.reduce((a, b) => a + b, 0);
          // The first slice of an appliance is given before its speed is known, and the last ones are not cut further.
          const first = addresses / speeds.length / 4 / Math.min(...speeds);
          const last = 3 * (leastShare(64) / Math.min(...speeds));
          expect(simulate(speeds, addresses)).toBeLessThanOrEqual(Math.max(first, 1.5 * ideal) + last);
        },
      ),
      { numRuns: 20 },
    );
  });
});

/** Seconds until all is done, by appliances that ask again whenever they end a slice. */
function simulate(speeds: readonly number[], addresses: number): number {
  const boxes = speeds.map((each) => ({ each, free: 0, done: 0, holds: 0 }));
  let waiting = addresses;
  while (waiting > 0) {
    const next = boxes.toSorted((a, b) => a.free - b.free)[0];
    if (!next) break;
    const at = next.free;
    next.done += next.holds;
    next.holds = 0;
    const speedOf = (box: (typeof boxes)[number]) => {
      const done = box.free <= at ? box.done + box.holds : box.done;
      return done === 0 || at === 0 ? null : done / at;
    };
    const others = boxes.filter((box) => box !== next).map((box) => ({ speed: speedOf(box), working: box.holds > 0 }));
    const share = sliceShare({ waiting, mine: speedOf(next), others, least: leastShare(64) });
    if (share === null) {
      // It asks again when the next one is free.
      next.free = Math.min(...boxes.filter((box) => box !== next && box.free > at).map((box) => box.free)) + 1e-6;
      continue;
    }
    waiting -= share;
    next.holds = share;
    next.free = at + share / next.each;
  }
  return Math.max(...boxes.map((box) => box.free));
}
