import { describe, expect, it } from 'vitest';
import { limited } from './limited.ts';

/** Work that ends when it is told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

describe('limited work', () => {
  it('runs so many at a time, in the order given, and refuses what the queue does not hold', async () => {
    const run = limited(2, 2);
    const started: number[] = [];
    const jobs = Array.from({ length: 4 }, held);
    const results = jobs.map((job, index) =>
      run(async () => {
        started.push(index);
        await job.work();
        return index;
      }),
    );
    await expect(run(async () => 9)).rejects.toMatchObject({ code: 'session.busy' });
    expect(started).toEqual([0, 1]);
    jobs[1]?.end();
    expect(await results[1]).toBe(1);
    jobs[2]?.end();
    expect(await results[2]).toBe(2);
    expect(started).toEqual([0, 1, 2, 3]);
    jobs[0]?.end();
    jobs[3]?.end();
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3]);
  });

  it('goes on after work that failed', async () => {
    const run = limited(1, 1);
    await expect(run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await run(async () => 'yes')).toBe('yes');
  });
});
