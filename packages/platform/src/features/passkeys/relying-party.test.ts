import { expect, it } from 'vitest';
import { relyingParty } from './relying-party.ts';

it('the relying party is the public URL, else the address that was asked, and never an IP address', () => {
  expect(relyingParty('https://picket.example.org:8443', '10.0.0.1')).toEqual({
    id: 'picket.example.org',
    origin: 'https://picket.example.org:8443',
  });
  expect(relyingParty(null, 'localhost:8443')).toEqual({ id: 'localhost', origin: 'https://localhost:8443' });
  for (const host of ['10.0.0.1:8443', '[2001:db8::1]:8443', '[::1]', '', undefined, 'a b', '0x7f.1']) {
    expect(() => relyingParty(null, host), String(host)).toThrow();
  }
});
