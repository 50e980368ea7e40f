import { expect, test } from 'vitest';
import { macVendors } from './vendor-file.ts';

test('the table that comes with the engine names makers of all three registries', () => {
  const vendorOf = macVendors();
  expect(vendorOf('00:1b:21:00:00:01')).toBe('Intel Corporate');
  expect(vendorOf('08:00:27:12:34:56')).toBe('PCS Systemtechnik GmbH');
  expect(vendorOf('10:06:48:00:00:01')).toMatch(/\w/);
  expect(vendorOf('02:42:ac:11:00:02')).toBe('locally administered');
});
