import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairOrder, rateShare } from './rate-share.ts';

describe('rateShare', () => {
  it.each([
    ['one appliance gets all of it', { scanRate: 2000, leased: [], appliances: 1 }, 2000],
    ['a second slice of it must wait', { scanRate: 2000, leased: [2000], appliances: 1 }, null],
    ['two appliances get half each', { scanRate: 2000, leased: [1000], appliances: 2 }, 1000],
    ['a newcomer waits for the first slice to end', { scanRate: 2000, leased: [2000], appliances: 2 }, null],
    ['a rest that is worth it is given', { scanRate: 1000, leased: [700], appliances: 2 }, 300],
    ['a tiny rest is not', { scanRate: 1000, leased: [900], appliances: 2 }, null],
    ['more appliances than packets still get one each', { scanRate: 2, leased: [1], appliances: 5 }, 1],
  ])('%s', (_title, budget, share) => {
    expect(rateShare(budget)).toBe(share);
  });

  it('never gives away more than the job allows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 }),
        (scanRate, counts) => {
          const leased: number[] = [];
          for (const appliances of counts) {
            const share = rateShare({ scanRate, leased, appliances });
            if (share !== null) leased.push(share);
          }
          expect(leased.reduce((sum, rate) => sum + rate, 0)).toBeLessThanOrEqual(scanRate);
        },
      ),
    );
  });
});

describe('fairOrder', () => {
  it('serves the job that has least, the older one of equals', () => {
    const scans = [
      { scanId: 3, leased: 0 },
      { scanId: 1, leased: 2 },
      { scanId: 2, leased: 0 },
    ];
    expect(fairOrder(scans).map((scan) => scan.scanId)).toEqual([2, 3, 1]);
  });
});
