import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostEvents, nextUploadSize, type UploadSize, wholeUploads } from './upload-size.ts';

/** Sends `events` over a line that cuts each upload of more than `limit`; the number of tries, or null when it does not come to an end. */
function tries(events: number, limit: number): number | null {
  let size: UploadSize = wholeUploads;
  for (let left = events, count = 0; count < 5000; count += 1) {
    if (left === 0) return count;
    const sent = Math.min(left, size.most);
    const outcome = sent > limit ? 'cut' : 'stored';
    size = nextUploadSize(size, outcome, sent);
    if (outcome === 'stored') left -= sent;
  }
  return null;
}

describe('the size of uploads', () => {
  it('stays whole where nothing cuts, and after one cut', () => {
    expect(tries(10_000, mostEvents)).toBe(5);
    expect(nextUploadSize(wholeUploads, 'cut', 2000).most).toBe(mostEvents);
  });

  it('halves what was really sent from the second cut on, and where the body is too large', () => {
    const once = nextUploadSize(wholeUploads, 'cut', 300);
    expect(nextUploadSize(once, 'cut', 300).most).toBe(150);
    expect(nextUploadSize(wholeUploads, 'too-large', 300).most).toBe(150);
    expect(nextUploadSize(once, 'failed', 300)).toEqual(once);
  });

  it('grows again when uploads arrive', () => {
    let size: UploadSize = { most: 100, cuts: 3, stored: 0 };
    for (let count = 0; count < 16; count += 1) size = nextUploadSize(size, 'stored', 100);
    expect(size).toEqual({ most: 200, cuts: 0, stored: 0 });
  });

  it('comes to an end through any limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 3000 }), (events, limit) => {
        expect(tries(events, limit)).not.toBeNull();
      }),
    );
  });
});
