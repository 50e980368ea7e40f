import { applianceLimits } from '@picket/contracts/protocol';
import { expect, it } from 'vitest';
import { coverageText } from './coverage-text.ts';

const range = (first: number, last: number, step: number) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);

it('leaves ordinary coverage whole', () => {
  expect(
    coverageText([{ protocol: 'tcp', tested: range(1, 65_535, 1), closed: range(1, 65_535, 1), filtered: [] }]),
  ).toEqual([{ protocol: 'tcp', tested: '1-65535', closed: '1-65535', filtered: '' }]);
});

it('fits the wire even where every other port is filtered, and cuts only between items', () => {
  const torn = { tested: range(1, 65_535, 1), closed: range(1, 65_535, 2), filtered: range(2, 65_534, 2) };
  const told = coverageText([
    { protocol: 'tcp', ...torn },
    { protocol: 'udp', ...torn },
  ]);
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(applianceLimits.eventBytes - 4096);
  for (const { tested, closed, filtered } of told) {
    expect(tested).toBe('1-65535');
    expect(closed.length).toBeGreaterThan(10_000);
    expect(closed.split(',').every((port) => Number(port) % 2 === 1)).toBe(true);
    expect(filtered.split(',').every((port) => Number(port) % 2 === 0)).toBe(true);
  }
});

it('gives the room that short lists leave to long ones, up to the limit of a list', () => {
  const [told] = coverageText([{ protocol: 'tcp', tested: [1], closed: [], filtered: range(1, 65_535, 2) }]);
  expect(told?.filtered.length).toBeGreaterThan(32_000);
  expect(told?.filtered.length).toBeLessThanOrEqual(32_768);
});
