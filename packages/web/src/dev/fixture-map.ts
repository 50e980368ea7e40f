import type { MapAnswer, MapDifferenceAnswer, MapHostItem, MapJob } from '@picket/contracts/api/map';
import type { ScanDetail } from '@picket/contracts/api/scan';
import type { EngineEvent } from '@picket/contracts/event';
import { compareMaps, type MapCoverage } from '@picket/contracts/map/difference';
import { foldMap } from '@picket/contracts/map/fold-map';
import type { MapResult } from '@picket/contracts/map/map-result';
import { sampleAsset } from './fixture-data.ts';

/** Sample maps, made by the real fold out of events as an engine tells them. */

const at = {
  unit: { phase: 'discovery', subject: '10.20.0.0-10.20.3.255' },
  time: '2026-11-21T05:00:00.000Z',
} as const;

const services = ['http', 'postgresql', 'smtp', 'ipp', 'ssh', 'nfs', 'rtsp', 'snmp', 'domain', 'sip'];

function network(prefix: string, gateway: string | null, source: 'interface' | 'route'): EngineEvent {
  return {
    type: 'network',
    ...at,
    prefix,
    gateway,
    link: 'eth0',
    source,
    ...(prefix === '10.20.0.0/24' ? { vlan: 20 } : {}),
  };
}

function host(id: number, address: string): EngineEvent[] {
  const asset = sampleAsset(id);
  const up: EngineEvent = {
    type: 'host',
    ...at,
    address,
    state: 'up',
    reason: id % 3 === 0 ? 'icmp-echo' : 'arp',
    names: asset.names.flatMap(({ name }) => [{ name, source: 'ptr' as const }]),
    ...(asset.mac ? { mac: asset.mac } : {}),
    ...(asset.mac && asset.macVendor ? { macVendor: asset.macVendor } : {}),
  };
  const service = services[id % services.length] ?? 'http';
  const place = { ...at, address, protocol: 'tcp', port: 1000 + (id % services.length) } as const;
  if (id % 4 === 3) return [up];
  return [
    up,
    { type: 'port', ...place, state: 'open', reason: 'syn-ack' },
    { type: 'service', ...place, service, cpes: [], confidence: 1, method: id % 5 === 1 ? 'port-number' : 'probe' },
    ...(asset.os ? [{ type: 'os' as const, ...at, address, product: asset.os, confidence: 0.9, evidence: '' }] : []),
  ];
}

function way(address: string, hops: readonly (string | null)[]): EngineEvent {
  return { type: 'route', ...at, address, hops: [...hops, address].map((hop) => ({ address: hop })), reached: true };
}

/** A scanner's network, a gateway, two routers behind it and what lies there. */
function office(hosts: number): EngineEvent[] {
  const events = [
    network('10.20.0.0/24', null, 'interface'),
    network('0.0.0.0/0', '10.20.0.1', 'route'),
    network('10.20.2.0/24', '10.20.0.1', 'route'),
    ...host(2, '10.20.0.1'),
  ];
  for (let id = 1; id <= hosts; id += 1) {
    const third = id % 4;
    const address = `10.20.${third}.${(Math.floor(id / 4) % 250) + 3}`;
    events.push(...host(id, address));
    if (third === 2) events.push(way(address, ['10.20.0.1', '10.20.255.1']));
    if (third === 3) events.push(way(address, ['10.20.0.1', null, '10.20.254.1']));
  }
  return events;
}

/** Many networks behind one gateway: too many hosts to draw. */
function campus(): EngineEvent[] {
  const events: EngineEvent[] = [
    network('10.20.0.0/24', null, 'interface'),
    network('0.0.0.0/0', '10.20.0.1', 'route'),
  ];
  for (let id = 1; id <= 4800; id += 1) {
    const address = `10.${20 + (id % 80)}.1.${(Math.floor(id / 80) % 250) + 2}`;
    events.push(...host(id, address), way(address, ['10.20.0.1', id % 80 < 60 ? '10.20.255.1' : '10.20.255.2']));
  }
  return events;
}

const maps = new Map<number, MapResult>();

function mapOf(job: ScanDetail): MapResult {
  const known = maps.get(job.id);
  if (known) return known;
  const made = foldMap(job.id === 6 ? campus() : office(job.hostsUp));
  maps.set(job.id, made);
  return made;
}

function jobOf(job: ScanDetail): MapJob {
  const { id, kind, title, status, complete, networkId, networkName, targets, startedAt, endedAt } = job;
  return { id, kind, title, status, complete, networkId, networkName, targets, startedAt, endedAt };
}

export function sampleMap(job: ScanDetail): MapAnswer {
  return { ...mapOf(job).skeleton, job: jobOf(job) };
}

export function sampleMapHosts(job: ScanDetail, query: URLSearchParams): readonly MapHostItem[] {
  const q = query.get('q')?.toLowerCase() ?? '';
  return mapOf(job)
    .hosts.filter(
      (one) =>
        (!query.has('network') || one.network === query.get('network')) &&
        (!query.has('role') || one.roles.some((role) => role.role === query.get('role'))) &&
        `${one.address} ${one.name ?? ''} ${one.macVendor ?? ''}`.toLowerCase().includes(q),
    )
    .map((one, index) => ({ ...one, assetId: index + 1 }));
}

const seesAll: MapCoverage = { untested: () => null, evaluated: () => true, tests: () => true };

/** The map against one with fewer hosts and a narrower look. Items are a whole list: the fixture pages them. */
export function sampleDifference(job: ScanDetail, baseline: ScanDetail | undefined, kind: string | null) {
  const counts = { new: 0, gone: 0, changed: 0, notTested: 0, notTestedBefore: 0, same: 0 };
  if (!baseline) return { items: [], rest: { baseline: null, sameTargets: false, counts, networks: [] } };
  const before = foldMap([
    ...office(110),
    ...host(3, '10.20.1.77'),
    ...host(9, '10.20.9.9'),
    ...host(11, '10.20.0.3'),
    network('10.21.0.0/24', '10.20.0.9', 'route'),
  ]);
  const narrow: MapCoverage = {
    ...seesAll,
    untested: (address) => (address.startsWith('10.20.9.') ? 'not-in-targets' : null),
  };
  const found = compareMaps({ map: before, coverage: seesAll }, { map: mapOf(job), coverage: narrow });
  const of = (wanted: string) => found.items.filter((item) => item.kind === wanted).length;
  const rest: Omit<MapDifferenceAnswer, 'items' | 'nextCursor' | 'total'> = {
    baseline: jobOf(baseline),
    sameTargets: false,
    counts: {
      new: of('new'),
      gone: of('gone'),
      changed: of('changed'),
      notTested: of('not-tested'),
      notTestedBefore: of('not-tested-before'),
      same: found.same,
    },
    networks: found.networks,
  };
  return { items: found.items.filter((item) => kind === null || item.kind === kind), rest };
}
