import type { EngineEvent } from '@picket/contracts/event';
import { foldMap } from '@picket/contracts/map/fold-map';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, layOut, type PlacedNode } from './graph-layout.ts';
import { type Spot, walk } from './graph-walk.ts';
import { drawnNetworks, mapTree, type MapTree } from './map-tree.ts';

const at = { unit: { phase: 'discovery', subject: 'x' }, time: '2026-11-21T05:00:00.000Z' } as const;
const up = (address: string): EngineEvent => ({ type: 'host', ...at, address, state: 'up', reason: 'arp' });
const way = (address: string, hops: readonly (string | null)[]): EngineEvent => ({
  type: 'route',
  ...at,
  address,
  hops: hops.map((hop) => ({ address: hop })),
  reached: true,
});
const lan: EngineEvent = {
  type: 'network',
  ...at,
  prefix: '10.0.0.0/24',
  gateway: null,
  link: 'eth0',
  source: 'interface',
};

function drawn(events: readonly EngineEvent[], open = true) {
  const { skeleton, hosts } = foldMap(events);
  const tree = mapTree(skeleton);
  const items = hosts.map((host, index) => ({ ...host, assetId: index + 1 }));
  return { tree, layout: layOut(tree, open ? Map.groupBy(items, (host) => host.network) : new Map()) };
}

const outline = ({ node, children }: MapTree): unknown => [node.key, ...children.map(outline)];

describe('mapTree', () => {
  it('hangs the gateway on the network it stands in, hops on it, and networks on the router before them', () => {
    const { tree } = drawn([lan, up('10.0.0.1'), up('10.0.7.9'), way('10.0.7.9', ['10.0.0.1', null, '10.0.5.1'])]);
    expect(outline(tree)).toEqual([
      'scanner',
      ['network:10.0.0.0/24', ['router:10.0.0.1', ['router:10.0.5.1', ['network:10.0.7.0/24']]]],
    ]);
  });

  it('puts a link-local gateway on the link that it advertised, and draws no route that is wider than a network', () => {
    const told = { type: 'network', ...at, link: 'eth1', source: 'router-advertisement' } as const;
    const { tree } = drawn([
      lan,
      { ...told, prefix: 'fd00:1::/64', gateway: null },
      { ...told, prefix: '::/0', gateway: 'fe80::1' },
      { ...told, prefix: '10.0.0.0/8', gateway: '10.0.0.1', source: 'route' },
    ]);
    expect(outline(tree)).toEqual([
      'scanner',
      ['network:10.0.0.0/24', ['router:10.0.0.1']],
      ['network:fd00:1::/64', ['router:fe80::1']],
    ]);
  });

  it('draws so many networks of a router and counts the rest', () => {
    const hosts = Array.from({ length: 60 }, (_, index) => up(`10.1.${index}.1`));
    const { tree } = drawn(hosts);
    expect(tree.children).toHaveLength(drawnNetworks + 1);
    expect(tree.children.at(-1)?.node).toMatchObject({ kind: 'rest', networks: 12, hosts: 12 });
  });
});

/** Ways that cross, loop and share routers. */
const address = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 6 }))
  .map(([a, b]) => `10.0.${a}.${b}`);
const events = fc.array(
  fc.oneof(
    address.map(up),
    fc.tuple(address, fc.array(fc.option(address), { maxLength: 5 })).map(([to, hops]) => way(to, hops)),
    fc.constant(lan),
  ),
  { maxLength: 40 },
);

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('layOut', () => {
  it('draws every router and network once, inside the drawing, and none over another', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (told, open) => {
        const { skeleton } = foldMap(told);
        const { layout } = drawn(told, open);
        const keys = layout.nodes.map((one) => one.node.key);
        expect(new Set(keys).size).toBe(keys.length);
        const networks = skeleton.networks.filter((one) => one.kind !== 'default').length;
        expect(keys).toHaveLength(1 + skeleton.routers.length + networks);
        for (const [index, { box }] of layout.nodes.entries()) {
          expect(
            box.x >= 0 && box.y >= 0 && box.x + box.width <= layout.width && box.y + box.height <= layout.height,
          ).toBe(true);
          expect(layout.nodes.slice(index + 1).filter((other) => overlap(box, other.box))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('walk', () => {
  it('reaches every node and every host by arrow keys from the scanner', () => {
    const { layout } = drawn([lan, up('10.0.0.1'), up('10.0.0.2'), up('10.0.7.9'), way('10.0.7.9', ['10.0.0.1'])]);
    const seen = new Set<string>();
    const visit = (spot: Spot) => {
      const name = `${spot.key}/${spot.host}`;
      if (seen.has(name)) return;
      seen.add(name);
      for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp']) {
        const next = walk(layout.nodes, spot, key);
        if (next) visit(next);
      }
    };
    visit({ key: 'scanner', host: null });
    const all = layout.nodes.flatMap((one: PlacedNode) =>
      [null, ...(one.hosts ?? []).keys()].map((host) => `${one.node.key}/${host}`),
    );
    expect([...seen].toSorted()).toEqual(all.toSorted());
  });
});
