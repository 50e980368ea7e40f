import { describe, expect, it } from 'vitest';
import type { EngineEventOf } from '../event.ts';
import { bestName, mergeHostEvents } from './host-facts.ts';

describe('bestName', () => {
  it('prefers what was typed, then reverse DNS, and falls back to any', () => {
    const names = [
      { name: 'cert', source: 'certificate' },
      { name: 'ptr', source: 'ptr' },
      { name: 'odd', source: 'unheard-of' },
    ];
    expect(bestName([...names, { name: 'typed', source: 'target' }])).toBe('typed');
    expect(bestName(names)).toBe('ptr');
    expect(bestName([{ name: 'odd', source: 'unheard-of' }])).toBe('odd');
    expect(bestName([])).toBeNull();
  });
});

describe('mergeHostEvents', () => {
  const report = (second: number, change: Partial<EngineEventOf<'host'>>): EngineEventOf<'host'> => ({
    type: 'host',
    unit: { phase: 'discovery', subject: '10.0.0.0-10.0.0.255' },
    time: `2026-11-21T05:00:0${second}.000Z`,
    address: '10.0.0.7',
    state: 'up',
    reason: 'arp',
    ...change,
  });
  const early = report(1, {
    mac: '02:00:00:00:00:01',
    macVendor: 'Maker One',
    names: [{ name: 'a', source: 'ptr' }],
  });

  it('adds names up and keeps the interface and its maker when the newer report has neither', () => {
    const late = report(2, { reason: 'syn-ack', port: 22, names: [{ name: 'B', source: 'netbios' }] });
    for (const merged of [mergeHostEvents(early, late), mergeHostEvents(late, early)]) {
      expect(merged).toMatchObject({ reason: 'syn-ack', port: 22, mac: early.mac, macVendor: 'Maker One' });
      expect(merged.names).toEqual(
        expect.arrayContaining([
          { name: 'a', source: 'ptr' },
          { name: 'B', source: 'netbios' },
        ]),
      );
    }
  });

  it('changes nothing when the same report comes twice', () => {
    expect(mergeHostEvents(early, early)).toEqual(early);
  });

  it('never puts the maker of one interface beside the address of another', () => {
    const merged = mergeHostEvents(early, report(2, { mac: '02:00:00:00:00:02' }));
    expect(merged.mac).toBe('02:00:00:00:00:02');
    expect(merged.macVendor).toBeUndefined();
  });

  it('keeps a host up that answered once, whatever a later attempt met', () => {
    const silent = report(2, { state: 'silent', reason: 'no-answer' });
    for (const merged of [mergeHostEvents(early, silent), mergeHostEvents(silent, early)]) {
      expect(merged).toMatchObject({ state: 'up', reason: 'arp' });
    }
  });

  it('lets a host that was only assumed be silent', () => {
    const merged = mergeHostEvents(
      report(1, { reason: 'assumed' }),
      report(2, { state: 'silent', reason: 'no-answer' }),
    );
    expect(merged).toMatchObject({ state: 'silent' });
  });

  it('keeps at most 64 names', () => {
    const names = (from: number) =>
      Array.from({ length: 60 }, (_, at) => ({ name: `h${from + at}`, source: 'mdns' as const }));
    const merged = mergeHostEvents(report(1, { names: names(0) }), report(2, { names: names(60) }));
    expect(merged.names).toHaveLength(64);
  });
});
