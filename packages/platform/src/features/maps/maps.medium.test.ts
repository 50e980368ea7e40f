import type { SpooledEvent } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { sliceEnd } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';
import type { ScriptedAppliance } from '../testing/scripted-appliance.ts';

type Event = SpooledEvent['event'];
const now = () => new Date().toISOString();

interface Field {
  readonly under: PlatformUnderTest;
  readonly box: ScriptedAppliance;
  readonly network: number;
}

async function field(under: PlatformUnderTest): Promise<Field> {
  const network = await under.network('10.0.0.0/16');
  return { under, box: await under.appliance(network), network };
}

async function launch({ under, box, network }: Field, targets: string): Promise<Lease> {
  const body = { kind: 'map', networkId: network, targets };
  const launched = await under.api('POST', '/api/v1/scans', body);
  expect(launched.status).toBe(201);
  const [signed] = (await box.poll()).granted;
  if (!signed) throw new Error('no lease was granted');
  return box.openLease(signed);
}

const unitOf = (lease: Lease) => ({ phase: 'discovery', subject: lease.blocks[0] ?? '' }) as const;

function found(lease: Lease, address: string, more: { mac?: string; macVendor?: string; name?: string } = {}): Event {
  const { name, ...rest } = more;
  const names = name ? { names: [{ name, source: 'ptr' as const }] } : {};
  return { type: 'host', unit: unitOf(lease), time: now(), address, state: 'up', reason: 'arp', ...rest, ...names };
}

function ended(lease: Lease): Event[] {
  return [...lease.blocks.map((subject): Event => done(subject)), sliceEnd(now())];
}

const done = (subject: string): Event => ({
  type: 'unit',
  unit: { phase: 'discovery', subject },
  time: now(),
  state: 'done',
});

/** A gateway on link, a core router behind it, a host of 10.0.7.0/24 behind both. */
function campus(lease: Lease): Event[] {
  const unit = unitOf(lease);
  const network = { type: 'network', unit, time: now(), link: 'eth0' } as const;
  return [
    { ...network, prefix: '10.0.0.0/24', gateway: null, source: 'interface' },
    { ...network, prefix: '0.0.0.0/0', gateway: '10.0.0.1', source: 'route' },
    found(lease, '10.0.0.1', { mac: '02:00:00:00:00:01', macVendor: 'Maker', name: 'gate.example' }),
    found(lease, '10.0.7.9'),
    {
      type: 'route',
      unit,
      time: now(),
      address: '10.0.7.9',
      hops: [{ address: '10.0.0.1', rttMs: 1 }, { address: null }, { address: '10.0.7.9' }],
      reached: true,
    },
  ];
}

describe.each(databaseKinds)('maps on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('keep networks, ways and hosts, however often their events come', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      const held = await launch(on, '10.0.0.0/21');
      const first = campus(held);
      // After a crash the unit runs again: the same facts come a second time, some of them with less in them.
      const again = [...campus(held), found(held, '10.0.0.1', { name: 'other.example' })];
      await on.box.upload(on.box.spool(held, first));
      const half = (await under.api('GET', `/api/v1/maps/${held.scanId}/result`)).json;
      expect(half).toMatchObject({ hosts: 2, job: { status: 'running', complete: null } });
      await on.box.upload(on.box.spool(held, [...again, ...ended(held)]));
      const map = (await under.api('GET', `/api/v1/maps/${held.scanId}/result`)).json;
      expect(map).toMatchObject({
        hosts: 2,
        roles: { router: 1, none: 1 },
        job: { kind: 'map', status: 'finished', complete: true },
        networks: [
          { prefix: '10.0.0.0/24', kind: 'link', hosts: 1, links: ['eth0'] },
          { prefix: '10.0.7.0/24', kind: 'assumed', hosts: 1, via: '10.0.0.1' },
          { prefix: '0.0.0.0/0', kind: 'default', hosts: 0, gateways: ['10.0.0.1'] },
        ],
        routers: [{ address: '10.0.0.1', forwards: 1, distance: 1, host: true, name: 'gate.example' }],
        links: [{ from: null, to: '10.0.0.1', silent: 0, routes: 1 }],
        dropped: { networks: 0, routers: 0, links: 0, hosts: 0 },
      });
      const hosts = (await under.api('GET', `/api/v1/maps/${held.scanId}/hosts`)).json;
      expect(hosts).toMatchObject({
        total: 2,
        items: [
          {
            address: '10.0.0.1',
            assetId: expect.any(Number),
            mac: '02:00:00:00:00:01',
            macVendor: 'Maker',
            names: [{ name: 'gate.example' }, { name: 'other.example' }],
            roles: [
              { role: 'router', strength: 'seen', evidence: ['forwarded one traced way', 'is the default gateway'] },
            ],
          },
          { address: '10.0.7.9', network: '10.0.7.0/24', via: '10.0.0.1', distance: 3 },
        ],
      });
      const [asset] = (await under.api('GET', '/api/v1/assets?q=10.0.0.1')).json.items;
      expect(asset).toMatchObject({ mac: '02:00:00:00:00:01', macVendor: 'Maker' });
    }),
  );

  it.skipIf(!canRun(kind))('list their hosts in pages, by network, role and text', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      const held = await launch(on, '10.0.0.0/21');
      const many = Array.from({ length: 9 }, (_, at) =>
        found(held, `10.0.${at % 3}.${at + 10}`, { name: `h${at}.example` }),
      );
      await on.box.upload(on.box.spool(held, [...campus(held), ...many, ...ended(held)]));
      const list = async (query: string) => (await under.api('GET', `/api/v1/maps/${held.scanId}/hosts?${query}`)).json;
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await list(`limit=4${cursor}`);
        expect(page.total).toBe(11);
        seen.push(...page.items.map((host: { address: string }) => host.address));
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      } while (cursor !== '');
      expect(new Set(seen).size).toBe(11);
      expect(seen.slice(0, 2)).toEqual(['10.0.0.1', '10.0.0.10']);
      expect((await list(`network=${encodeURIComponent('10.0.1.0/24')}`)).total).toBe(3);
      expect((await list('role=router')).items).toMatchObject([{ address: '10.0.0.1' }]);
      expect((await list('role=none')).total).toBe(10);
      expect((await list('q=H4.EXAMPLE')).items).toMatchObject([{ address: '10.0.1.14' }]);
      expect((await list('q=maker')).total).toBe(1);
    }),
  );

  it.skipIf(!canRun(kind))('tell what is new, gone and changed since the last, and what was not tested this time', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      const early = await launch(on, '10.0.0.0/23');
      const was = ['10.0.0.5', '10.0.0.6', '10.0.0.7', '10.0.1.8'].map((address) => found(early, address));
      await on.box.upload(on.box.spool(early, [...was, ...ended(early)]));
      const alone = (await under.api('GET', `/api/v1/maps/${early.scanId}/difference`)).json;
      expect(alone).toMatchObject({ baseline: null, items: [], total: 0 });
      const late = await launch(on, '10.0.0.0/24');
      const is = [found(late, '10.0.0.6'), found(late, '10.0.0.7', { name: 'named.example' }), found(late, '10.0.0.9')];
      await on.box.upload(on.box.spool(late, [...is, ...ended(late)]));
      const path = `/api/v1/maps/${late.scanId}/difference`;
      const difference = (await under.api('GET', path)).json;
      expect(difference).toMatchObject({
        baseline: { id: early.scanId },
        sameTargets: false,
        counts: { new: 1, gone: 1, changed: 1, notTested: 1, notTestedBefore: 0, same: 1 },
        items: [
          { kind: 'changed', address: '10.0.0.7', changes: [{ what: 'name', added: ['named.example'], removed: [] }] },
          { kind: 'new', address: '10.0.0.9' },
          { kind: 'gone', address: '10.0.0.5' },
          { kind: 'not-tested', address: '10.0.1.8', reason: 'not-in-targets' },
        ],
      });
      expect((await under.api('GET', `${path}?kind=gone&to=${early.scanId}`)).json).toMatchObject({
        total: 1,
        items: [{ address: '10.0.0.5' }],
      });
      expect((await under.api('GET', `${path}?to=999999`)).json).toMatchObject({ code: 'map.not-found' });
    }),
  );

  it.skipIf(!canRun(kind))('prefer the last map of the same targets, and refuse one of another network', () =>
    withPlatform(kind, async (under) => {
      const on = await field(under);
      const run = async (targets: string) => {
        const held = await launch(on, targets);
        await on.box.upload(on.box.spool(held, ended(held)));
        return held.scanId;
      };
      const [same] = [await run('10.0.0.0/24'), await run('10.0.1.0/24')];
      const last = await run('10.0.0.0/24');
      expect((await under.api('GET', `/api/v1/maps/${last}/difference`)).json).toMatchObject({
        baseline: { id: same },
        sameTargets: true,
      });
      const elsewhere = await under.network('10.50.0.0/24', 'Elsewhere');
      const other = await under.api('POST', '/api/v1/scans', {
        kind: 'map',
        networkId: elsewhere,
        targets: '10.50.0.1',
      });
      expect(await under.api('GET', `/api/v1/maps/${last}/difference?to=${other.json.id}`)).toMatchObject({
        status: 400,
        json: { code: 'map.other-network' },
      });
    }),
  );
});
