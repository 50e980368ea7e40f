import { rangeSet } from '@picket/base/range-set';
import { parseRange } from '@picket/base/ip';
import type { EngineEventOf, SpooledEvent } from '@picket/contracts/event';
import { describe, expect, it } from 'vitest';
import { portsOf } from '../../../jobs/domain/coverage.ts';
import { type FoldContext, foldScan } from './fold-scan.ts';

const range = parseRange('10.0.0.0-10.0.0.255');
if (!range.ok) throw new Error('bad constant');
const context: FoldContext = {
  hostPhases: ['ports', 'services', 'checks'],
  ports: { tcp: '1-1024', udp: '' },
  scopes: new Map([[2, rangeSet([range.value])]]),
};
const time = '2026-11-21T05:00:00.000Z';
const block = { phase: 'discovery', subject: '10.0.0.0-10.0.0.255' } as const;
const ports = { phase: 'ports', subject: '10.0.0.7' } as const;

function spooled(...events: SpooledEvent['event'][]): SpooledEvent[] {
  return events.map((event, index) => ({ seq: index + 1, scan: 1, slice: 2, lease: 'l1', event }));
}

describe('foldScan', () => {
  it('gives a host that is up a pending unit for each later phase', () => {
    const folded = foldScan(
      spooled({ type: 'host', unit: block, time, address: '10.0.0.7', state: 'up', reason: 'syn-ack' }),
      context,
    );
    expect(folded.units.map((unit) => `${unit.phase} ${unit.subject} ${unit.state}`)).toEqual([
      'ports 10.0.0.7 pending',
      'services 10.0.0.7 pending',
      'checks 10.0.0.7 pending',
    ]);
    expect(folded.hosts).toHaveLength(1);
  });

  it('drops the discovery of a block that the slice no longer has whole, and keeps that of its own', () => {
    const cut = { ...context, scopes: new Map([[2, rangeSet([{ ...range.value, last: range.value.last - 9n }])]]) };
    const own = { phase: 'discovery', subject: '10.0.0.0-10.0.0.127' } as const;
    const folded = foldScan(
      spooled(
        { type: 'unit', unit: block, time, state: 'done' },
        { type: 'unit', unit: own, time, state: 'done' },
        { type: 'unit', unit: { phase: 'discovery', subject: 'nonsense' }, time, state: 'done' },
      ),
      cut,
    );
    expect(folded.units.map((unit) => unit.subject)).toEqual([own.subject]);
    expect(folded).toMatchObject({ discovered: [own.subject], outOfScope: 2 });
  });

  it('adds up what the runs of a block sent, and keeps what the last of them left out', () => {
    const ran = (sent: number, unsent: { reason: string; addresses: number }[]) => ({
      sent: [{ kind: 'tcp-syn', sent, ports: '22,80' }],
      unsent,
    });
    const end = { type: 'unit', unit: block, time, state: 'done' } as const;
    const [unit] = foldScan(
      spooled(
        { type: 'unit', unit: block, time, state: 'running' },
        { ...end, state: 'cancelled', probes: ran(40, [{ reason: 'window-closed', addresses: 200 }]) },
        { type: 'unit', unit: block, time, state: 'running' },
        { ...end, probes: { ...ran(60, []), sent: [{ kind: 'tcp-syn', sent: 60, ports: '80,443' }] } },
      ),
      context,
    ).units;
    expect(unit).toMatchObject({
      state: 'done',
      probes: { begun: 2, told: 2, sent: [{ kind: 'tcp-syn', sent: 100, ports: '22,80,443' }], unsent: [] },
    });
  });

  it('counts the run of a version that tells nothing of what it sent as begun, and claims nothing', () => {
    const [unit] = foldScan(
      spooled(
        { type: 'unit', unit: block, time, state: 'running' },
        { type: 'unit', unit: block, time, state: 'done', counts: { addresses: 256, up: 0 } },
      ),
      context,
    ).units;
    expect(unit?.probes).toEqual({ begun: 1, told: 0, sent: [], unsent: [] });
  });

  it('keeps the last word about a unit and one row for each fact', () => {
    const port = {
      type: 'port',
      unit: ports,
      time,
      address: '10.0.0.7',
      protocol: 'tcp',
      port: 22,
      reason: 'syn-ack',
    } as const;
    const folded = foldScan(
      spooled(
        { type: 'unit', unit: ports, time, state: 'running' },
        { ...port, state: 'open' },
        { ...port, state: 'open' },
        { type: 'unit', unit: ports, time, state: 'done', counts: { open: 1 } },
      ),
      context,
    );
    expect(folded.units).toMatchObject([{ state: 'done', counts: { open: 1 } }]);
    expect(folded.facts.map((fact) => fact.key)).toEqual(['port|10.0.0.7|tcp|22']);
  });

  it('keeps the system that was judged, whatever single services say of it', () => {
    const unit = { phase: 'os', subject: '10.0.0.7' } as const;
    const judged = {
      type: 'os',
      unit,
      time,
      address: '10.0.0.7',
      product: 'Linux',
      confidence: 0.8,
      evidence: 'e',
    } as const;
    const hint: EngineEventOf<'service'> = {
      type: 'service',
      unit: { phase: 'services', subject: '10.0.0.7' },
      time,
      address: '10.0.0.7',
      protocol: 'tcp',
      port: 80,
      service: 'http',
      os: { product: 'Windows' },
      cpes: [],
      confidence: 1,
      method: 'probe',
    };
    const system = { name: 'Linux', confidence: 0.8, evidence: 'e' };
    expect(foldScan(spooled(hint, judged, hint), context).hosts[0]?.os).toEqual(system);
    expect(foldScan(spooled(hint), context).hosts[0]?.os).toEqual({
      name: 'Windows',
      confidence: null,
      evidence: null,
    });
  });

  it('drops events about addresses outside the slice and counts them', () => {
    const outside = { type: 'host', unit: block, time, address: '10.0.1.7', state: 'up', reason: 'syn-ack' } as const;
    const folded = foldScan(spooled(outside), context);
    expect(folded).toMatchObject({ facts: [], hosts: [], outOfScope: 1 });
  });

  it('hands on which ports were really closed', () => {
    const coverage = [{ protocol: 'tcp' as const, tested: '1-100', closed: '1-21,23', filtered: '24-100' }];
    const folded = foldScan(spooled({ type: 'unit', unit: ports, time, state: 'done', coverage }), context);
    const closed = folded.observations.find((observation) => observation.kind === 'closed');
    expect(closed && 'ports' in closed && closed.ports.has(22)).toBe(false);
    expect(closed && 'ports' in closed && closed.ports.size).toBe(22);
  });

  it('merges the names of a host and keeps its MAC', () => {
    const host = { type: 'host', unit: block, time, address: '10.0.0.7', state: 'up', reason: 'arp' } as const;
    const folded = foldScan(
      spooled(
        { ...host, mac: '02:00:00:00:00:01', names: [{ name: 'a', source: 'ptr' }] },
        {
          ...host,
          names: [
            { name: 'a', source: 'ptr' },
            { name: 'b', source: 'target' },
          ],
        },
      ),
      context,
    );
    expect(folded.hosts).toMatchObject([{ mac: '02:00:00:00:00:01', names: [{ name: 'a' }, { name: 'b' }] }]);
  });
});

describe('foldScan on maps', () => {
  const host = { type: 'host', unit: block, time, address: '10.0.0.7', state: 'up', reason: 'arp' } as const;

  it('adds the reports about a host up into one fact', () => {
    const mac = '02:00:00:00:00:01';
    const folded = foldScan(
      spooled(
        { ...host, mac, macVendor: 'Maker', names: [{ name: 'a', source: 'ptr' }] },
        { ...host, reason: 'syn-ack', names: [{ name: 'B', source: 'netbios' }] },
      ),
      context,
    );
    expect(folded.facts).toHaveLength(1);
    expect(folded.facts[0]?.event).toMatchObject({ reason: 'syn-ack', mac, names: [{ name: 'a' }, { name: 'B' }] });
    expect(folded.hosts).toMatchObject([{ mac, macVendor: 'Maker' }]);
  });

  it('keeps ways to hosts of the slice and networks, each once, and drops the ways to others', () => {
    const way = (address: string) => ({
      type: 'route' as const,
      unit: block,
      time,
      address,
      hops: [{ address: '192.0.2.1' }],
      reached: true,
    });
    const network = {
      type: 'network',
      unit: block,
      time,
      prefix: '10.0.0.0/24',
      gateway: null,
      link: 'eth0',
      source: 'interface',
    } as const;
    const folded = foldScan(spooled(way('10.0.0.7'), way('10.9.9.9'), network, network), context);
    expect(folded.facts.map((fact) => fact.key)).toEqual(['route|10.0.0.7', 'network|10.0.0.0/24||eth0']);
    expect(folded.outOfScope).toBe(1);
    expect(folded.hosts).toEqual([]);
  });
});

describe('portsOf', () => {
  it.each([
    ['', 0],
    ['80', 1],
    ['1-3,80', 4],
    ['x,80,9-7', 1],
    ['65535-99999', 1],
  ])('reads %j as %i ports', (text, size) => {
    expect(portsOf(text).size).toBe(size);
  });
});
