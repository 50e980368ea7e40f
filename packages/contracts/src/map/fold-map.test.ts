import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../event.ts';
import { foldMap } from './fold-map.ts';
import { mapHost, mapSkeleton } from './map-result.ts';

const unit = { phase: 'discovery', subject: '10.0.0.0-10.0.3.255' } as const;
let clock = 0;
const at = () => ({ unit, time: new Date(1_800_000_000_000 + (clock += 1)).toISOString() });

const network = (prefix: string, gateway: string | null, source: 'interface' | 'route' = 'route'): EngineEvent => ({
  type: 'network',
  ...at(),
  prefix,
  gateway,
  link: 'eth0',
  source,
});
const up = (address: string, more: { mac?: string; name?: string } = {}): EngineEvent => ({
  type: 'host',
  ...at(),
  address,
  state: 'up',
  reason: 'icmp-echo',
  ...(more.mac ? { mac: more.mac } : {}),
  ...(more.name ? { names: [{ name: more.name, source: 'ptr' }] } : {}),
});
const way = (address: string, hops: readonly (string | null)[], reached = true): EngineEvent => ({
  type: 'route',
  ...at(),
  address,
  hops: hops.map((hop) => ({ address: hop })),
  reached,
});

/** A scanner in 10.0.0.0/24 with a gateway, behind it a core router, behind that 10.0.2.0/24 and one host of 10.9.9.0/24. */
const campus: readonly EngineEvent[] = [
  network('10.0.0.0/24', null, 'interface'),
  network('0.0.0.0/0', '10.0.0.1'),
  network('10.0.2.0/24', '10.0.0.1'),
  up('10.0.0.1', { mac: '02:00:00:00:00:01', name: 'gate.example' }),
  up('10.0.0.9'),
  up('10.0.2.7'),
  up('10.0.2.8'),
  up('10.9.9.9'),
  way('10.0.0.9', ['10.0.0.9']),
  way('10.0.2.7', ['10.0.0.1', null, '10.0.1.1', '10.0.2.7']),
  way('10.0.2.8', ['10.0.0.1', '10.0.1.0', '10.0.1.1', '10.0.2.8']),
  way('10.9.9.9', ['10.0.0.1', '10.0.1.1', null], false),
];

describe('foldMap', () => {
  it('puts hosts into the networks that were named, and into an assumed one where nobody named any', () => {
    const { skeleton, hosts } = foldMap(campus);
    expect(hosts.map((host) => `${host.address} ${host.network}`)).toEqual([
      '10.0.0.1 10.0.0.0/24',
      '10.0.0.9 10.0.0.0/24',
      '10.0.2.7 10.0.2.0/24',
      '10.0.2.8 10.0.2.0/24',
      '10.9.9.9 10.9.9.0/24',
    ]);
    expect(skeleton.networks.map(({ prefix, kind, via, hosts: count }) => [prefix, kind, via, count])).toEqual([
      ['10.0.0.0/24', 'link', null, 2],
      ['10.0.2.0/24', 'route', '10.0.1.1', 2],
      ['10.9.9.0/24', 'assumed', '10.0.1.1', 1],
      ['0.0.0.0/0', 'default', '10.0.0.1', 0],
    ]);
  });

  it('joins the traced ways into routers and links, silent hops counted, and tells how far each host is', () => {
    const { skeleton, hosts } = foldMap(campus);
    expect(
      skeleton.routers.map(({ address, forwards, distance, host, name }) => [address, forwards, distance, host, name]),
    ).toEqual([
      ['10.0.0.1', 3, 1, true, 'gate.example'],
      ['10.0.1.1', 3, 2, false, null],
      ['10.0.1.0', 1, 2, false, null],
    ]);
    expect(skeleton.links).toEqual([
      { from: null, to: '10.0.0.1', silent: 0, routes: 3 },
      { from: '10.0.0.1', to: '10.0.1.1', silent: 0, routes: 2 },
      { from: '10.0.0.1', to: '10.0.1.0', silent: 0, routes: 1 },
      { from: '10.0.1.0', to: '10.0.1.1', silent: 0, routes: 1 },
    ]);
    expect(hosts.map((host) => [host.via, host.distance])).toEqual([
      [null, null],
      [null, 1],
      ['10.0.1.1', 4],
      ['10.0.1.1', 4],
      ['10.0.1.1', null],
    ]);
  });

  it('calls the gateway a router with its evidence', () => {
    const gate = foldMap(campus).hosts.find((host) => host.address === '10.0.0.1');
    expect(gate?.roles).toEqual([
      {
        role: 'router',
        strength: 'seen',
        evidence: ['forwarded 3 traced ways', 'is the default gateway', 'is the gateway to 10.0.2.0/24'],
      },
    ]);
  });

  it('does not take a route as wide as 10.0.0.0/8 for one network, but knows its gateway', () => {
    const { hosts } = foldMap([network('10.0.0.0/8', '192.0.2.1'), up('10.1.2.3'), up('fd00::1:2')]);
    expect(hosts.map((host) => [host.network, host.via])).toEqual([
      ['10.1.2.0/24', '192.0.2.1'],
      ['fd00::/64', null],
    ]);
  });

  it('knows the loopback network, which no gateway leads to', () => {
    const { skeleton, hosts } = foldMap([network('0.0.0.0/0', '192.0.2.1'), up('127.0.0.1'), up('::1')]);
    expect(hosts.map((host) => [host.network, host.via])).toEqual([
      ['127.0.0.0/8', null],
      ['::1/128', null],
    ]);
    expect(skeleton.networks.filter((one) => one.kind === 'link')).toHaveLength(2);
  });

  it('gives the same map whatever the order of the events and however often they come', () => {
    const once = foldMap(campus);
    const shuffled = fc.tuple(
      fc.shuffledSubarray([...campus], { minLength: campus.length }),
      fc.shuffledSubarray([...campus]),
    );
    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        expect(foldMap([...all, ...again])).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });

  it('makes a valid map of whatever passes the parser: each host once, in one network, all counted', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const address = fc.tuple(fc.constantFrom('10.0', '10.1', '192.168'), octet, octet).map((part) => part.join('.'));
    const any: fc.Arbitrary<EngineEvent> = fc.oneof(
      address.map((one) => up(one)),
      fc
        .tuple(address, fc.array(fc.option(address), { maxLength: 6 }), fc.boolean())
        .map(([to, hops, reached]) => way(to, hops, reached)),
      fc
        .tuple(
          fc.oneof(
            fc.string(),
            address.map((one) => `${one}/20`),
          ),
          fc.option(address),
        )
        .map(([prefix, gateway]) => network(prefix, gateway)),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (events) => {
        const { skeleton, hosts } = foldMap(events);
        expect(mapSkeleton.safeParse(skeleton).success).toBe(true);
        expect(hosts.every((host) => mapHost.safeParse(host).success)).toBe(true);
        const seen = new Set(events.flatMap((event) => (event.type === 'host' ? [event.address] : [])));
        expect(new Set(hosts.map((host) => host.address))).toEqual(seen);
        expect(skeleton.networks.reduce((sum, one) => sum + one.hosts, 0)).toBe(hosts.length);
        expect(Object.values(skeleton.roles).reduce((sum, count) => sum + count, 0)).toBe(hosts.length);
        const prefixes = new Set(skeleton.networks.map((one) => one.prefix));
        expect(hosts.every((host) => prefixes.has(host.network))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
