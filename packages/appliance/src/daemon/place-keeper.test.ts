import { silentLog } from '@picket/base/log';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { PlaceKeeper } from './place-keeper.ts';

function keeperAt(isLeft: boolean, mayMove = true) {
  const clock = new FakeClock();
  const over = new AbortController();
  const world = { isLeft, stops: 0 };
  const place = {
    isLeft: () => world.isLeft,
    mayMove: () => mayMove,
    move: () => {
      throw new Error('not asked for');
    },
  };
  const deps = { place, clock, log: silentLog, stop: () => (world.stops += 1), signal: over.signal };
  const keeper = new PlaceKeeper(deps);
  const watching = keeper.watch();
  return { world, clock, keeper, end: async () => (over.abort(), watching) };
}

describe('the place of the daemon', () => {
  it('is left by itself when the layout of the network changes, once', async () => {
    const { world, clock, keeper, end } = keeperAt(false);
    await clock.advance(10_000);
    expect([world.stops, keeper.next]).toEqual([0, null]);
    world.isLeft = true;
    await clock.advance(10_000);
    expect([world.stops, keeper.next]).toEqual([1, { attempt: 'in-force', by: 'itself' }]);
    await end();
  });

  it('after a change at the console keeps that attempt, and needs the starter where it may not move', async () => {
    const { world, keeper, end } = keeperAt(false, false);
    world.isLeft = true;
    expect(keeper.isLeft).toBe(true);
    keeper.leave('wan-dhcp');
    keeper.leave('in-force');
    expect([world.stops, keeper.next]).toEqual([1, { attempt: 'wan-dhcp', by: 'starter' }]);
    await end();
  });

  it('is not left by a daemon that was started elsewhere, until it was there once', async () => {
    const { world, clock, keeper, end } = keeperAt(true);
    await clock.advance(10_000);
    expect([world.stops, keeper.isLeft]).toEqual([0, false]);
    world.isLeft = false;
    await clock.advance(3000);
    world.isLeft = true;
    await clock.advance(3000);
    expect(world.stops).toBe(1);
    await end();
  });
});
