import { notEvaluableReason } from '@picket/contracts/event';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatTimeLeft } from './duration.ts';
import { formatBytes, formatCount, formatPercent, formatRate, plural } from './number.ts';
import { formatExact, formatRelative } from './time.ts';
import { explainReason, reasonWords } from './words.ts';

describe('numbers', () => {
  test('counts are grouped, beyond 2^53 too', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatCount('18446744073709551616')).toBe('18,446,744,073,709,551,616');
    expect(formatCount(-1000)).toBe('-1,000');
  });
  test('a noun follows its count', () => {
    expect(plural(1, 'host')).toBe('1 host');
    expect(plural(0, 'address', 'addresses')).toBe('0 addresses');
  });
  test('a share is whole only when it is', () => {
    expect(formatPercent(0.9999)).toBe('99 %');
    expect(formatPercent(0.0001)).toBe('1 %');
    expect(formatPercent(1)).toBe('100 %');
    expect(formatPercent(0)).toBe('0 %');
  });
  test('small rates keep a decimal', () => {
    expect(formatRate(2.34)).toBe('2.3/s');
    expect(formatRate(1999.6)).toBe('2,000/s');
    expect(formatRate(0)).toBe('0/s');
  });
  test('bytes use binary units', () => {
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(1536)).toBe('1.5 KiB');
  });
});

describe('durations', () => {
  test.each([
    [0, '0 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [86_400 * 400, '1 year'],
  ])('%d seconds read as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('times', () => {
  const now = Date.UTC(2026, 10, 21, 5, 4, 40);
  test('relative times use one unit and know the future', () => {
    expect(formatRelative(now - 2000, now)).toBe('just now');
    expect(formatRelative(now - 61_000, now)).toBe('1 min ago');
    expect(formatRelative(now + 7_200_000, now)).toBe('in 2 h');
    expect(formatRelative(now - 3 * 86_400_000, now)).toBe('3 d ago');
  });
  test('the exact time names its zone', () => {
    expect(formatExact(now, 'UTC')).toBe('21 Nov 2026, 05:04:40 UTC');
  });
});

test('every reason of the contract has an explanation with a remedy', () => {
  expect(Object.keys(reasonWords).sort()).toEqual([...notEvaluableReason.options].sort());
  expect(explainReason('of-tomorrow').label).toBe('of-tomorrow');
});
test('time left is never more precise than an estimate can be', () => {
  expect([0, 44, 45, 80, 100, 599, 601, 3299, 3300, 7300, 400_000].map(formatTimeLeft)).toEqual([
    'under 1 min',
    'under 1 min',
    'about 1 min',
    'about 1 min',
    'about 2 min',
    'about 10 min',
    'about 15 min',
    'about 55 min',
    'about 1 h',
    'about 2 h',
    'about 5 d',
  ]);
});
