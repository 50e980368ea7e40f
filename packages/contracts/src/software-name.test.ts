import { expect, it } from 'vitest';
import { osName, productName } from './software-name.ts';

it('names the vendor of a product that is only the name of a kind of software', () => {
  expect(productName('Apache', 'httpd')).toBe('Apache httpd');
  expect(productName('Apache', 'HTTPD')).toBe('Apache HTTPD');
  expect(productName('OpenBSD', 'OpenSSH')).toBe('OpenSSH');
  expect(productName(null, 'httpd')).toBe('httpd');
  expect(productName('Apache', null)).toBeNull();
});

it('names an operating system with its vendor, once', () => {
  expect(osName({ vendor: 'Debian', product: 'Linux', version: '12' })).toBe('Debian Linux 12');
  expect(osName({ vendor: 'Microsoft', product: 'Windows' })).toBe('Microsoft Windows');
  expect(osName({ vendor: 'Ubuntu', product: 'Ubuntu Linux', version: '22.04' })).toBe('Ubuntu Linux 22.04');
  expect(osName({ product: 'Linux' })).toBe('Linux');
});
