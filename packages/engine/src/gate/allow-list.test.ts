import { formatRange } from '@picket/base/ip';
import { expect, test } from 'vitest';
import { parseAllowList } from './allow-list.ts';

test('addresses, prefixes and ranges are read, comments and blank lines skipped', () => {
  const list = parseAllowList('# the office\n10.0.0.0/24\n\n10.0.1.5 # printer\r\n10.0.2.1-10.0.2.9\nfd00::/64\n');
  expect(list.ok && list.value.map(formatRange)).toEqual([
    '10.0.0.0-10.0.0.255',
    '10.0.1.5',
    '10.0.2.1-10.0.2.9',
    'fd00::-fd00::ffff:ffff:ffff:ffff',
  ]);
});

test('an empty list allows nothing', () => {
  expect(parseAllowList('# nothing yet\n')).toEqual({ ok: true, value: [] });
});

test.each([
  ['10.0.0.0/24\n10.0.0.0/33', 'line 2: "10.0.0.0/33"'],
  ['10.0.0.1/24', 'bits set beyond its prefix'],
  ['intranet.example', 'line 1: "intranet.example"'],
  ['10.0.0.9-10.0.0.1', 'first address is larger'],
  ['010.0.0.1', 'leading zero'],
])('a fault refuses the list and says where it is: %j', (text, message) => {
  const list = parseAllowList(text);
  expect(list.ok).toBe(false);
  expect(!list.ok && list.error).toContain(message);
});
