import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { addWords, checksumOf } from './checksum.ts';
import { decodeIcmpv6, sealIcmpv6, writeIcmpv6Echo } from './icmpv6.ts';

const tooBig = hex(
  '02 00 00 00 00 00 05 00', // packet too big, MTU 1280
  '60 00 00 00 00 18 06 3f', // quoted: TCP, hop limit 63
  'fd77 0000 0000 0000 0000 0000 0000 0001',
  'fd77 0000 0000 0000 0000 0000 0000 0002',
  'ee 48 00 50 12 34 56 78', // 61000 to 80, sequence number
);

describe('an ICMPv6 message', () => {
  it('error with the quoted packet, byte by byte', () => {
    expect(decodeIcmpv6(tooBig)).toEqual({
      kind: 'packet-too-big',
      code: 0,
      mtu: 1280,
      quoted: {
        version: 6,
        sourceAt: 16,
        destinationAt: 32,
        protocol: 6,
        hopLimit: 63,
        identification: 0,
        sourcePort: 61000,
        destinationPort: 80,
        sequence: 0x12345678,
      },
    });
    expect(decodeIcmpv6(tooBig.with(0, 1))).toMatchObject({ kind: 'unreachable', mtu: 0 });
    expect(decodeIcmpv6(tooBig.with(0, 3))).toMatchObject({ kind: 'time-exceeded' });
    expect(decodeIcmpv6(tooBig.with(0, 4))).toMatchObject({ kind: 'parameter-problem' });
    expect(decodeIcmpv6(tooBig.with(0, 0))).toEqual({ kind: 'other', type: 0, code: 0 });
  });

  it('echo request reads back as it was written, with a right checksum', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), fc.uint8Array({ maxLength: 40 }), (identifier, sequence, payload) => {
        const out = new Uint8Array(64);
        const end = writeIcmpv6Echo(out, 2, { identifier, sequence, payload });
        expect(decodeIcmpv6(out, 2, end)).toEqual({ kind: 'echo-request', identifier, sequence, payloadAt: 10 });
        sealIcmpv6(out, 2, end, 77);
        expect(checksumOf(addWords(out, 2, end, 77))).toBe(0);
      }),
    );
  });

  it('decodes anything', () => decodesAnything(decodeIcmpv6, [tooBig]));
});
