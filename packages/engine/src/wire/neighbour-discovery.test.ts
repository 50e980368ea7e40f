import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { macText } from './address-bytes.ts';
import { decodeNeighbour, writeNeighbourSolicitation, writeRouterSolicitation } from './neighbour-discovery.ts';

const advertisement = hex(
  '88 00 00 00 e0 00 00 00', // neighbour advertisement: router, solicited, override
  'fe80 0000 0000 0000 0000 0000 0000 0007', // target
  '02 01 02 00 00 00 00 07', // target link-layer address
);
const router = hex(
  '86 00 00 00', // router advertisement
  '40 c0 07 08', // hop limit 64, managed, other; lifetime 1800 s
  '00 00 00 00 00 00 00 00', // reachable time, retransmission
  '01 01 02 00 00 00 00 01', // source link-layer address
  '05 01 00 00 00 00 05 dc', // MTU 1500
  '03 04 40 c0 00 27 8d 00 00 09 3a 80 00 00 00 00', // prefix /64, on link, autonomous, lifetimes
  'fd77 0000 0000 0000 0000 0000 0000 0000',
  '19 03 00 00 00 00 0e 10', // recursive DNS server, 3600 s
  'fd77 0000 0000 0000 0000 0000 0000 0053',
);

describe('a message of neighbour discovery', () => {
  it('neighbour advertisement, byte by byte', () => {
    expect(decodeNeighbour(advertisement)).toEqual({
      kind: 'neighbour-advertisement',
      targetAt: 8,
      mac: '02:00:00:00:00:07',
      router: true,
    });
    expect(decodeNeighbour(advertisement, 0, 24)).toMatchObject({ mac: null });
    expect(decodeNeighbour(advertisement, 0, 23)).toBeNull();
  });

  it('router advertisement, byte by byte', () => {
    expect(decodeNeighbour(router)).toEqual({
      kind: 'router-advertisement',
      hopLimit: 64,
      managed: true,
      otherConfiguration: true,
      lifetimeSeconds: 1800,
      mac: '02:00:00:00:00:01',
      mtu: 1500,
      prefixes: [{ prefix: 'fd77::/64', onLink: true, autonomous: true }],
      dnsServers: ['fd77::53'],
    });
  });

  it('an option of length zero ends the options', () => {
    expect(decodeNeighbour(router.with(17, 0))).toMatchObject({ mac: null, prefixes: [] });
  });

  it('solicitation reads back as it was written', () => {
    const address = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(address, fc.uint8Array({ minLength: 6, maxLength: 6 }), (target, mac) => {
        const out = new Uint8Array(48);
        const end = writeNeighbourSolicitation(out, 4, { target, mac });
        const read = { kind: 'neighbour-solicitation', targetAt: 12, mac: macText(mac), router: false };
        expect(decodeNeighbour(out, 4, end)).toEqual(read);
        expect(out.slice(12, 28)).toEqual(target);
      }),
    );
  });

  it('a router is asked with our address', () => {
    const out = new Uint8Array(16);
    expect(writeRouterSolicitation(out, 0, hex('02 00 00 00 00 09'))).toBe(16);
    expect(out).toEqual(hex('85 00 00 00 00 00 00 00', '01 01 02 00 00 00 00 09'));
  });

  it('decodes anything', () => decodesAnything(decodeNeighbour, [advertisement, router]));
});
