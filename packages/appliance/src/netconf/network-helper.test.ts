import { silentLog } from '@picket/base/log';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import type { NetworkDocument } from './network-document.ts';
import { NetworkHelper } from './network-helper.ts';
import type { Reconciler } from './reconciler.ts';

/** A helper whose every turn takes `turnMs`, a look in it `lookMs`, and whose rests are over at once; it stops after `rests` of them. */
async function restsOf(
  turnMs: number,
  rests: number,
  act: (helper: NetworkHelper, turn: number) => void = () => {},
  lookMs = turnMs,
) {
  let now = 0;
  let turns = 0;
  const asked: number[] = [];
  const applied: number[] = [];
  const stop = new AbortController();
  const clock = {
    now: () => now,
    monotonic: () => now,
    // Whatever else can go on does so first, and may end the sleep.
    sleep: async (ms: number, signal?: AbortSignal) => {
      await new Promise(setImmediate);
      signal?.throwIfAborted();
      asked.push(ms);
      now += ms;
      if (asked.length === rests) stop.abort();
    },
  };
  const apply = async (document: NetworkDocument) => {
    turns += 1;
    now += turnMs;
    applied.push(document.scanNetwork.generation);
    act(helper, turns);
  };
  const reconciler = { apply, lookMs } as unknown as Reconciler;
  const save = async () => {};
  const deps = { clock, log: silentLog, reconciler, kind: 'virtual' as const, save, renew: save, power: null };
  const helper: NetworkHelper = new NetworkHelper(deps, null);
  await helper.run(stop.signal);
  return { asked, applied, turns };
}

describe('the loop of the network helper', () => {
  it('looks every three seconds, and less often where a look takes long', async () => {
    expect((await restsOf(100, 2)).asked).toEqual([3000, 3000]);
    expect((await restsOf(1000, 2)).asked).toEqual([9000, 9000]);
    expect((await restsOf(60_000, 1)).asked).toEqual([30_000]);
  });

  it('rests no longer for what changes and their waits took', async () => {
    expect((await restsOf(20_000, 2, () => {}, 100)).asked).toEqual([3000, 3000]);
  });

  it('looks again at once at what was learned during a look', async () => {
    const { asked, turns } = await restsOf(100, 1, (helper, turn) => {
      if (turn <= 2) helper.wake();
    });
    expect([turns, asked]).toEqual([3, [3000]]);
  });

  it('takes an unconfirmed change back in time, however long it rests', async () => {
    const document = { ...emptyScanNetwork, generation: 1 };
    const offer = { id: 1, type: 'scan-network' as const, document, confirmWithinSeconds: 5 };
    const { asked, applied } = await restsOf(2000, 2, (helper, turn) => {
      if (turn === 1) void helper.handle(offer);
    });
    expect(applied).toEqual([0, 1, 1, 0]);
    // The five seconds count from when it was applied; one turn of two seconds since.
    expect(asked).toEqual([3000, 18_000]);
  });

  it('gives a change that takes longer to apply than there is to confirm it its whole time', async () => {
    const document = { ...emptyScanNetwork, generation: 1 };
    const offer = { id: 1, type: 'scan-network' as const, document, confirmWithinSeconds: 500 };
    const { applied } = await restsOf(300_000, 3, (helper, turn) => {
      if (turn === 1) void helper.handle(offer);
      if (turn === 4) void helper.handle({ id: 2, type: 'confirm', generation: 1 });
    });
    expect(applied.slice(0, 5)).toEqual([0, 1, 1, 1, 1]);
  });
});
