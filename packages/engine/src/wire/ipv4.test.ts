import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { addWords, checksumOf } from './checksum.ts';
import { decodeIpv4, type Ipv4Record, ipv4Length, writeIpv4 } from './ipv4.ts';

const packet = hex(
  '46 00 00 1c', // version 4, 24 bytes of header, 28 in all
  '1c 46 40 00', // identification, don't fragment
  '40 06 00 00', // TTL 64, TCP
  'c0 a8 00 01', // 192.168.0.1
  'c0 a8 00 c7', // 192.168.0.199
  '94 04 00 00', // option: router alert
  'de ad be ef', // payload
  '00 00', // padding of the link
);

describe('an IPv4 header', () => {
  it('with options and link padding, byte by byte', () => {
    expect(decodeIpv4(packet)).toEqual({
      source: 0xc0a80001,
      destination: 0xc0a800c7,
      protocol: 6,
      ttl: 64,
      identification: 0x1c46,
      dontFragment: true,
      fragmentOffset: 0,
      moreFragments: false,
      totalLength: 28,
      payloadAt: 24,
      payloadEnd: 28,
    });
  });

  it('has the checksum of the well-known example 4500 0073 … b861', () => {
    const out = new Uint8Array(20);
    const record = { protocol: 17, ttl: 64, identification: 0, dontFragment: true, payloadLength: 0x73 - 20 };
    writeIpv4(out, 0, { ...record, source: 0xc0a80001, destination: 0xc0a800c7 });
    expect(out).toEqual(hex('4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7'));
  });

  it('of another version, with a header or total length that cannot be, is none', () => {
    expect(decodeIpv4(packet.with(0, 0x66))).toBeNull();
    expect(decodeIpv4(packet.with(0, 0x44))).toBeNull();
    expect(decodeIpv4(packet.with(3, 0x17))).toBeNull();
    expect(decodeIpv4(packet, 0, 23)).toBeNull();
  });

  it('tells a later fragment', () => {
    expect(decodeIpv4(packet.with(6, 0x20).with(7, 0x03))).toMatchObject({ fragmentOffset: 24, moreFragments: true });
  });

  it('reads back as it was written, with a right checksum', () => {
    const record = fc.record<Ipv4Record>({
      source: fc.nat(0xffffffff),
      destination: fc.nat(0xffffffff),
      protocol: fc.nat(255),
      ttl: fc.nat(255),
      identification: fc.nat(0xffff),
      dontFragment: fc.boolean(),
      payloadLength: fc.nat(40),
    });
    fc.assert(
      fc.property(record, (written) => {
        const out = new Uint8Array(80);
        const { payloadLength, ...fields } = written;
        expect(writeIpv4(out, 2, written)).toBe(22);
        expect(decodeIpv4(out, 2)).toMatchObject({ ...fields, payloadAt: 22, payloadEnd: 22 + payloadLength });
        expect(checksumOf(addWords(out, 2, 2 + ipv4Length))).toBe(0);
      }),
    );
  });

  it('decodes anything', () => decodesAnything(decodeIpv4, [packet]));
});
