import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { decodeIpv6, type Ipv6Record, writeIpv6, writeRouterAlert } from './ipv6.ts';
import { ipProtocol } from './ip-protocol.ts';

const start = (nextHeader: string, length: string) =>
  hex(
    '60 00 00 00', // version 6
    length, // payload length
    nextHeader,
    '40', // hop limit 64
    'fe80 0000 0000 0000 0000 0000 0000 0001',
    'fe80 0000 0000 0000 0000 0000 0000 0002',
  );
const withExtensions = Uint8Array.of(
  ...start('00', '0028'),
  ...hex('2b 00 05 02 00 00 01 00'), // hop-by-hop, next is routing
  ...hex('3c 00 00 00 00 00 00 00'), // routing, next is destination options
  ...hex('2c 00 01 04 00 00 00 00'), // destination options, next is fragment
  ...hex('06 00 00 01 00 00 00 07'), // fragment: first of several, next is TCP
  ...hex('de ad be ef de ad be ef'),
);
const address = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('an IPv6 header', () => {
  it('with extension headers leads to the transport header', () => {
    expect(decodeIpv6(withExtensions)).toEqual({
      sourceAt: 8,
      destinationAt: 24,
      hopLimit: 64,
      protocol: ipProtocol.tcp,
      fragmentOffset: 0,
      payloadAt: 72,
      payloadEnd: 80,
    });
  });

  it('tells a later fragment and looks no further', () => {
    const later = Uint8Array.of(...start('2c', '0010'), ...hex('00 00 00 08 00 00 00 07'), ...hex('00'.repeat(8)));
    expect(decodeIpv6(later)).toMatchObject({ fragmentOffset: 8, protocol: 0, payloadAt: 48 });
  });

  it('counts an authentication header in units of four', () => {
    const packet = Uint8Array.of(...start('33', '0010'), ...hex('11 02', '00'.repeat(14)));
    expect(decodeIpv6(packet)).toMatchObject({ protocol: ipProtocol.udp, payloadAt: 56 });
  });

  it('with an endless chain of extension headers is none', () => {
    const endless = Uint8Array.of(...start('3c', '0100'), ...hex('3c 00 01 04 00 00 00 00'.repeat(32)));
    expect(decodeIpv6(endless)).toBeNull();
  });

  it('reads back as it was written', () => {
    const record = fc.record<Ipv6Record>({
      source: address,
      destination: address,
      nextHeader: fc.constantFrom(ipProtocol.tcp, ipProtocol.udp, ipProtocol.icmpv6),
      hopLimit: fc.nat(255),
      payloadLength: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(record, (written) => {
        const out = new Uint8Array(80);
        expect(writeIpv6(out, 4, written)).toBe(44);
        const { nextHeader: protocol, hopLimit, payloadLength } = written;
        expect(decodeIpv6(out, 4)).toMatchObject({ protocol, hopLimit, payloadAt: 44, payloadEnd: 44 + payloadLength });
        expect(out.slice(12, 28)).toEqual(written.source);
        expect(out.slice(28, 44)).toEqual(written.destination);
      }),
    );
  });

  it('a router alert stands between header and message', () => {
    const out = new Uint8Array(60);
    const at = writeIpv6(out, 0, {
      source: new Uint8Array(16),
      destination: new Uint8Array(16),
      nextHeader: 0,
      hopLimit: 1,
      payloadLength: 12,
    });
    expect(writeRouterAlert(out, at, ipProtocol.icmpv6)).toBe(48);
    expect(out.slice(40, 48)).toEqual(hex('3a 00 05 02 00 00 01 00'));
    expect(decodeIpv6(out)).toMatchObject({ protocol: ipProtocol.icmpv6, payloadAt: 48 });
  });

  it('decodes anything', () => decodesAnything(decodeIpv6, [withExtensions]));
});
