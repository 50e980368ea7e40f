import { expect, test } from 'vitest';
import { readVendorTable, vendorOf } from './vendor-table.ts';

const table = readVendorTable(
  '# remark\nLarge Ltd\t001b21\nMedium GmbH\t70b3d51\nSmall & Co\t70b3d5123 0a0000\nbroken line\n',
);

test('the longest registered prefix names the maker', () => {
  expect(vendorOf(table, '00:1b:21:aa:bb:cc')).toBe('Large Ltd');
  expect(vendorOf(table, '70:b3:d5:1f:00:01')).toBe('Medium GmbH');
  expect(vendorOf(table, '70:B3:D5:12:3f:01')).toBe('Small & Co');
  expect(vendorOf(table, '70:b3:d5:ff:00:01')).toBeNull();
});

test('addresses that lead to no maker say what they are', () => {
  expect(vendorOf(table, '33:33:00:00:00:01')).toBe('group address');
  expect(vendorOf(table, '52:54:00:12:34:56')).toBe('locally administered');
  // Some old registrations have the local bit set.
  expect(vendorOf(table, '0a:00:00:00:00:01')).toBe('Small & Co');
});

test('what is no MAC has no maker', () => {
  for (const text of ['', '00:1b:21', '00:1b:21:aa:bb:cg', '001b21aabbcc']) expect(vendorOf(table, text)).toBeNull();
});
