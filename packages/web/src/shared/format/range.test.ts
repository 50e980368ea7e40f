import { expect, test } from 'vitest';
import { formatRanges, formatRangeText } from './range.ts';

test('a whole prefix is written as one', () => {
  expect(formatRangeText('10.99.0.0-10.99.0.255')).toBe('10.99.0.0/24');
  expect(formatRangeText('0.0.0.0-255.255.255.255')).toBe('0.0.0.0/0');
  expect(formatRangeText('fd99::-fd99::ffff:ffff:ffff:ffff')).toBe('fd99::/64');
  expect(formatRangeText('10.0.0.0/8')).toBe('10.0.0.0/8');
});
test('an address, a range that is no prefix and what is no range stay as they are', () => {
  for (const text of ['10.0.0.1', '::1', '10.0.0.1-10.0.0.2', '10.0.0.0-10.0.0.2', 'web.example.org']) {
    expect(formatRangeText(text)).toBe(text);
  }
});
test('a list keeps its order', () => {
  expect(formatRanges(['10.0.0.0-10.0.0.1', '::1'], '\n')).toBe('10.0.0.0/31\n::1');
});
