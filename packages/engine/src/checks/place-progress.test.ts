import { describe, expect, it } from 'vitest';
import type { CheckResult } from './check-run.ts';
import { PlaceProgress } from './place-progress.ts';

const place = { address: '10.0.0.1', protocol: 'tcp', port: 80 } as const;
const passed: CheckResult = { kind: 'passed' };
const found: CheckResult = { kind: 'found', findings: [] };
const ended = (reason: 'timeout' | 'cancelled' | 'lease-expired'): CheckResult => ({
  kind: 'not-evaluable',
  failure: { reason, detail: '' },
});

function progress(ids: readonly string[], late: readonly string[] = []) {
  const plan = { ids, basis: [], late: (id: string) => late.includes(id) };
  return new PlaceProgress(place, plan, { contentVersion: '1', earlier: [] });
}

describe('what is told of the checks of a place', () => {
  it('waits for a hundred results, two seconds or a finding', () => {
    const ids = Array.from({ length: 150 }, (_, index) => `c${index}`);
    const of = progress(ids);
    for (const id of ids.slice(0, 99)) of.end(id, passed, 0);
    expect(of.isDue(1999, false)).toBe(false);
    expect(of.isDue(2000, false)).toBe(true);
    expect(of.isDue(0, true)).toBe(true);
    of.end('c99', passed, 0);
    expect(of.isDue(0, false)).toBe(true);
    const [event] = [...of.tell(of.take())];
    expect(event).toMatchObject({ ...place, done: '0-99' });
    expect(of.isDue(9999, true)).toBe(false);
    of.end('c100', passed, 5000);
    expect(of.isDue(6999, false)).toBe(false);
    expect(of.isDue(7000, false)).toBe(true);
    expect([...of.finish()]).toMatchObject([{ part: 1, passed: ['c100'], done: '100' }]);
  });

  it('is no result that a workflow may still change, unless something was found', () => {
    const of = progress(['part', 'other', 'lucky'], ['part', 'lucky']);
    for (const id of ['part', 'other']) of.end(id, passed, 0);
    of.end('lucky', found, 0);
    expect(of.take()).toEqual(['other', 'lucky']);
    of.results.set('part', ended('timeout'));
    expect([...of.finish()]).toMatchObject([{ passed: [], notEvaluable: [{ check: 'part' }], done: '0' }]);
  });

  it('is no result that is about the run alone', () => {
    const of = progress(['a', 'b', 'c']);
    of.end('a', ended('cancelled'), 0);
    of.end('b', ended('lease-expired'), 0);
    of.end('c', ended('timeout'), 0);
    expect(of.take()).toEqual(['c']);
    expect([...of.finish()]).toMatchObject([{ done: '', notEvaluable: [{ check: 'a' }, { check: 'b' }] }]);
  });

  it('is the worst of a check that runs for each name of a host, once it ran for all of them', () => {
    const of = progress(['a', 'b', 'a', 'b']);
    of.end('a', ended('timeout'), 0);
    of.end('b', passed, 0);
    expect(of.take()).toEqual([]);
    of.end('a', passed, 0);
    expect([...of.tell(of.take())]).toMatchObject([{ done: '0', passed: [], notEvaluable: [{ check: 'a' }] }]);
  });
});
