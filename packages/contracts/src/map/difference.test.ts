import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../event.ts';
import { compareMaps, type MapCoverage, type MapSide } from './difference.ts';
import { foldMap } from './fold-map.ts';

const at = { unit: { phase: 'discovery', subject: '10.0.0.0-10.0.0.255' }, time: '2026-11-21T05:00:00.000Z' } as const;

interface Told {
  readonly mac?: string;
  readonly name?: string;
  readonly ports?: readonly number[];
  readonly os?: string;
}

function host(address: string, told: Told = {}): EngineEvent[] {
  const open = (told.ports ?? []).map(
    (port): EngineEvent => ({ type: 'port', ...at, address, protocol: 'tcp', port, state: 'open', reason: 'syn-ack' }),
  );
  return [
    {
      type: 'host',
      ...at,
      address,
      state: 'up',
      reason: 'arp',
      ...(told.mac ? { mac: told.mac } : {}),
      ...(told.name ? { names: [{ name: told.name, source: 'ptr' }] } : {}),
    },
    ...open,
    ...(told.os ? [{ type: 'os' as const, ...at, address, product: told.os, confidence: 1, evidence: '' }] : []),
  ];
}

const network = (prefix: string, gateway: string | null): EngineEvent => ({
  type: 'network',
  ...at,
  prefix,
  gateway,
  link: 'eth0',
  source: 'route',
});

const everything: MapCoverage = { untested: () => null, evaluated: () => true, tests: () => true };
const side = (events: readonly EngineEvent[], coverage: Partial<MapCoverage> = {}): MapSide => ({
  map: foldMap(events),
  coverage: { ...everything, ...coverage },
});
const short = (before: MapSide, after: MapSide) =>
  compareMaps(before, after).items.map((item) => [item.kind, item.address, item.reason]);

describe('compareMaps', () => {
  const early = [...host('10.0.0.1'), ...host('10.0.0.2')];
  const late = [...host('10.0.0.2'), ...host('10.0.0.3')];

  it('finds nothing between a map and itself', () => {
    expect(compareMaps(side(early), side(early))).toEqual({ items: [], same: 2, networks: [] });
  });

  it('tells new hosts and those that were tried again and are gone', () => {
    expect(short(side(early), side(late))).toEqual([
      ['new', '10.0.0.3', null],
      ['gone', '10.0.0.1', null],
    ]);
  });

  it('never calls a host gone that was not tested, nor new where nobody had looked', () => {
    const cut = side(late, { untested: (address) => (address === '10.0.0.1' ? 'deadline' : null) });
    expect(short(side(early), cut)).toContainEqual(['not-tested', '10.0.0.1', 'deadline']);
    const narrow = side(early, { untested: (address) => (address === '10.0.0.3' ? 'not-in-targets' : null) });
    expect(short(narrow, side(late))).toContainEqual(['not-tested-before', '10.0.0.3', 'not-in-targets']);
  });

  it('tells names, interface, system, roles and ports that are others now', () => {
    const was = host('10.0.0.1', { mac: '02:00:00:00:00:01', name: 'old', ports: [22], os: 'Microsoft Windows 11' });
    const is = host('10.0.0.1', {
      mac: '02:00:00:00:00:02',
      name: 'New',
      ports: [22, 80],
      os: 'Microsoft Windows Server 2022',
    });
    expect(compareMaps(side(was), side(is)).items[0]?.changes).toEqual([
      { what: 'name', added: ['new'], removed: ['old'] },
      { what: 'mac', added: ['02:00:00:00:00:02'], removed: ['02:00:00:00:00:01'] },
      { what: 'role', added: ['server'], removed: ['workstation'] },
      { what: 'os', added: ['Microsoft Windows Server 2022'], removed: ['Microsoft Windows 11'] },
      { what: 'port', added: ['80/tcp'], removed: [] },
    ]);
  });

  it('does not compare what one of the two did not test: ports, unfinished hosts, an interface that was not seen', () => {
    const was = host('10.0.0.1', { mac: '02:00:00:00:00:01', ports: [22, 8080] });
    const is = host('10.0.0.1', { ports: [22] });
    const fewer: Partial<MapCoverage> = { tests: (_protocol, port) => port < 1024 };
    expect(compareMaps(side(was), side(is, fewer)).items).toEqual([]);
    expect(compareMaps(side(is, fewer), side(was)).items).toEqual([]);
    expect(compareMaps(side(was), side(is, { evaluated: () => false })).items).toEqual([]);
    expect(compareMaps(side(was), side(is)).items).toHaveLength(1);
  });

  it('does not take a guess for a role that came or went', () => {
    const guess: EngineEvent[] = host('10.0.0.1').map((event) =>
      event.type === 'host' ? { ...event, reason: 'syn-ack', port: 80 } : event,
    );
    expect(foldMap(guess).hosts[0]?.roles).toMatchObject([{ role: 'web-server', strength: 'guess' }]);
    expect(compareMaps(side(host('10.0.0.1')), side(guess)).items).toEqual([]);
  });

  it('tells networks and gateways, and nothing of them where a map has none', () => {
    const was = [network('10.0.0.0/24', '10.0.0.1'), network('10.1.0.0/24', '10.0.0.1')];
    const is = [network('10.0.0.0/24', '10.0.0.2'), network('10.2.0.0/24', '10.0.0.1')];
    expect(compareMaps(side(was), side(is)).networks).toEqual([
      { kind: 'gateways', prefix: '10.0.0.0/24', added: ['10.0.0.2'], removed: ['10.0.0.1'] },
      { kind: 'not-seen', prefix: '10.1.0.0/24', added: [], removed: ['10.0.0.1'] },
      { kind: 'new', prefix: '10.2.0.0/24', added: ['10.0.0.1'], removed: [] },
    ]);
    expect(compareMaps(side(was), side([])).networks).toEqual([]);
  });
});
