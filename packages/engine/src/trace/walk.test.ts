import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownWays } from './known-ways.ts';
import { NetworkWay } from './network-way.ts';
import { type AskHop, type HopAnswer, walk } from './walk.ts';
import { guessDistance } from './way.ts';

interface FakeWay {
  /** Routers, nearest first; null stays silent. */
  readonly routers: readonly (string | null)[];
  readonly host: string | null;
  /** Hop limit with which the host sends. */
  readonly initial?: number;
  /** Hops of the way back, when it is another. */
  readonly back?: number;
}

/** Answers as routers and a host would; records the hop limits asked. */
function network({ routers, host, initial = 64, back }: FakeWay): { ask: AskHop; asked: number[] } {
  const asked: number[] = [];
  const ask = async (hopLimit: number): Promise<HopAnswer | null> => {
    asked.push(hopLimit);
    const router = routers[hopLimit - 1];
    if (hopLimit <= routers.length) return router ? { kind: 'router', from: router, rttMs: 1, hopLimit: 64 } : null;
    if (host === null) return null;
    return { kind: 'host', from: host, rttMs: 1, hopLimit: initial - (back ?? routers.length) };
  };
  return { ask, asked };
}

const addressesOf = (hops: readonly { readonly address: string | null }[]) => hops.map(({ address }) => address);

test.each([
  [64, 1],
  [63, 2],
  [60, 5],
  [128, 1],
  [120, 9],
  [255, 1],
  [250, 6],
  [30, 3],
  [0, 30],
])('an answer that arrives with hop limit %i comes from %i hops away', (arrived, distance) => {
  expect(guessDistance(arrived)).toBe(distance);
});

test('a way is walked back from its host', async () => {
  const { ask, asked } = network({ routers: ['a', 'b', 'c'], host: 'h' });
  const way = await walk({ ask, known: new KnownWays(), network: new NetworkWay() });
  expect(addressesOf(way.hops)).toEqual(['a', 'b', 'c', 'h']);
  expect(way.reached).toBe(true);
  expect(asked).toEqual([64, 4, 3, 2, 1]);
});

test('a host of another network behind known routers costs three packets', async () => {
  const known = new KnownWays();
  await walk({ ...network({ routers: ['a', 'b', 'c'], host: 'h' }), known, network: new NetworkWay() });
  const second = network({ routers: ['a', 'b', 'c'], host: 'i', initial: 128 });
  const way = await walk({ ...second, known, network: new NetworkWay() });
  expect(addressesOf(way.hops)).toEqual(['a', 'b', 'c', 'i']);
  expect(second.asked).toEqual([64, 4, 3]);
});

test('hosts of one network ask their last router until it is settled, and share it when it falls silent', async () => {
  const around = { known: new KnownWays(), network: new NetworkWay() };
  const costs: number[] = [];
  for (const host of ['h', 'i', 'j', 'k', 'l']) {
    const { ask, asked } = network({ routers: ['a', 'b', 'c'], host });
    const limited: AskHop = async (hopLimit) => (hopLimit === 3 && host === 'i' ? null : ask(hopLimit));
    const way = await walk({ ask: limited, ...around });
    expect(addressesOf(way.hops)).toEqual(['a', 'b', 'c', host]);
    costs.push(asked.length);
  }
  expect(costs).toEqual([5, 1, 2, 1, 1]);
});

test('a host that stands behind another router than its neighbours has a way of its own', async () => {
  const around = { known: new KnownWays(), network: new NetworkWay() };
  await walk({ ...network({ routers: ['a', 'b', 'c'], host: 'h' }), ...around });
  const way = await walk({ ...network({ routers: ['a', 'x', 'y'], host: 'i' }), ...around });
  expect(addressesOf(way.hops)).toEqual(['a', 'x', 'y', 'i']);
});

test('a silent router is a gap in the way', async () => {
  const way = await walk({
    ...network({ routers: ['a', null, 'c'], host: 'h' }),
    known: new KnownWays(),
    network: new NetworkWay(),
  });
  expect(addressesOf(way.hops)).toEqual(['a', null, 'c', 'h']);
});

test('a host that stays silent is walked towards until silence', async () => {
  const { ask, asked } = network({ routers: ['a', 'b', null, null, null, null, null], host: null });
  const way = await walk({ ask, known: new KnownWays(), network: new NetworkWay() });
  expect(addressesOf(way.hops)).toEqual(['a', 'b', null]);
  expect(way.reached).toBe(false);
  expect(Math.max(...asked.filter((hopLimit) => hopLimit !== 64))).toBe(5);
});

test('a router that refuses ends the way', async () => {
  const { ask } = network({ routers: ['a', 'b'], host: null });
  const refusing: AskHop = async (hopLimit) =>
    hopLimit >= 2 ? { kind: 'refusal', from: 'b', rttMs: 1, hopLimit: 64 } : ask(hopLimit);
  const way = await walk({ ask: refusing, known: new KnownWays(), network: new NetworkWay() });
  expect(addressesOf(way.hops)).toEqual(['a', 'b']);
  expect(way.reached).toBe(false);
});

const routers = fc.array(fc.constantFrom('r', 's', null), { maxLength: 12 });

test('any way is found whole, whatever the way back is, in a bounded number of packets', async () => {
  const answers = fc.record({ routers, initial: fc.constantFrom(64, 128, 255), back: fc.integer({ min: 0, max: 20 }) });
  await fc.assert(
    fc.asyncProperty(answers, async ({ routers: kinds, initial, back }) => {
      const named = kinds.map((kind, index) => kind && `${kind}${index}`);
      const { ask, asked } = network({ routers: named, host: 'h', initial, back });
      const way = await walk({ ask, known: new KnownWays(), network: new NetworkWay() });
      expect(addressesOf(way.hops)).toEqual([...named, 'h']);
      expect(asked.length).toBeLessThanOrEqual(96);
    }),
  );
});
