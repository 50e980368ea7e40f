import { describe, expect, it } from 'vitest';
import { packCoverage, portsOf, unpackCoverage } from './coverage.ts';

const planned = { tcp: '22,80,443,8000-8003', udp: '' };
const told = { protocol: 'tcp' as const, tested: '22,80,443,8000-8003' };

describe('packed coverage', () => {
  const rows = [
    ['all closed but an open one', { ...told, closed: '22,443,8000-8003', filtered: '' }, 'closed', ['80']],
    ['all filtered but an open one', { ...told, closed: '', filtered: '22,443,8000-8003' }, 'filtered', ['80']],
    ['a mixture', { ...told, closed: '22', filtered: '443,8000-8003' }, 'filtered', ['80']],
    ['torn: most was not tested', { ...told, closed: '22', filtered: '' }, 'untested', ['80', '443', '8000-8003']],
  ] as const;
  it.each(rows)('keeps %s', (_, event, rest, untested) => {
    const packed = packCoverage([event], planned);
    expect(packed).toMatchObject([{ rest, [rest]: '' }]);
    const states = unpackCoverage(packed, 'tcp', portsOf(planned.tcp));
    const of = (state: string) => [...states].filter(([, one]) => one === state).map(([port]) => port);
    expect(of('closed')).toEqual([...portsOf(event.closed)]);
    expect(of('filtered')).toEqual([...portsOf(event.filtered)]);
    expect(of('untested')).toEqual([...portsOf(untested.join(','))]);
  });

  it('calls nothing tested that nobody told of', () => {
    expect([...unpackCoverage(null, 'tcp', [22, 80]).values()]).toEqual(['untested', 'untested']);
    const packed = packCoverage([], { tcp: '22', udp: '53' });
    expect(packed.map(({ protocol, rest }) => `${protocol} ${rest}`)).toEqual(['tcp untested', 'udp untested']);
  });

  it('stays small where every port of a host answers alike', () => {
    const event = { protocol: 'tcp' as const, tested: '1-65535', closed: '1-79,81-65535', filtered: '' };
    expect(JSON.stringify(packCoverage([event], { tcp: '1-65535', udp: '' })).length).toBeLessThan(100);
  });
});
