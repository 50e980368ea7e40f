import { parseIp } from '@picket/base/ip';
import { expect, test } from 'vitest';
import { setOf } from '../testing/run-on.ts';
import { AddressBook } from './address-book.ts';
import { allowedKeys } from './allowed-keys.ts';

test('an address is allowed by a swept range or by one that is too large to sweep, and by nothing else', () => {
  const book = new AddressBook();
  const allowed = allowedKeys(setOf('10.0.0.0/30', 'fd00::/64', 'fd01::8/125', '::/64'), book);
  const has = (text: string) => {
    const address = parseIp(text);
    return address.ok && allowed.has(book.keyOf(address.value));
  };
  for (const text of ['10.0.0.3', 'fd00::1', 'fd00::aaaa:bbbb:cccc:1', 'fd01::9', '::7'])
    expect([text, has(text)]).toEqual([text, true]);
  // The kernel would send IPv4 for the mapped one.
  for (const text of ['10.0.0.4', 'fd00:0:0:1::', 'fd01::7', '::ffff:10.9.9.9'])
    expect([text, has(text)]).toEqual([text, false]);
});
