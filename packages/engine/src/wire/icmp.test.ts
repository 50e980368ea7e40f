import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { addWords, checksumOf } from './checksum.ts';
import { decodeIcmp, writeIcmpEcho, writeIcmpTimestamp } from './icmp.ts';
import { decodeQuoted } from './quoted-packet.ts';

const quoted = hex(
  '45 00 00 2c 00 07 40 00 01 06 00 00', // TTL 1, TCP, identification 7
  '0a 00 00 01 0a 00 00 02', // 10.0.0.1 to 10.0.0.2
  'ee 48 00 50 12 34 56 78', // 61000 to 80, sequence number
);
const unreachable = Uint8Array.of(...hex('03 04 00 00 00 00 05 78'), ...quoted); // fragmentation needed, MTU 1400
const timestampReply = hex('0e 00 00 00 00 09 00 02', '00 00 00 01 00 00 00 02 00 00 00 03');

describe('an ICMP message', () => {
  it('error with the quoted packet, byte by byte', () => {
    expect(decodeIcmp(unreachable)).toEqual({
      kind: 'unreachable',
      code: 4,
      mtu: 1400,
      quoted: {
        version: 4,
        sourceAt: 20,
        destinationAt: 24,
        protocol: 6,
        hopLimit: 1,
        identification: 7,
        sourcePort: 61000,
        destinationPort: 80,
        sequence: 0x12345678,
      },
    });
    expect(decodeIcmp(unreachable.with(0, 11))).toMatchObject({ kind: 'time-exceeded', mtu: 0 });
    expect(decodeIcmp(unreachable.with(0, 12))).toMatchObject({ kind: 'parameter-problem' });
    expect(decodeIcmp(unreachable.with(0, 5))).toEqual({ kind: 'other', type: 5, code: 4 });
  });

  it('error whose quotation is cut within the ports has none', () => {
    expect(decodeIcmp(unreachable, 0, 35)).toMatchObject({ kind: 'unreachable', quoted: null });
  });

  it('a quoted echo request tells identifier and sequence, a quoted datagram its ports', () => {
    expect(decodeQuoted(quoted.with(9, 1), 0)).toMatchObject({ sourcePort: 0, sequence: 0x12345678 });
    expect(decodeQuoted(quoted.with(9, 17), 0)).toMatchObject({ sourcePort: 61000, destinationPort: 80, sequence: 0 });
    expect(decodeQuoted(quoted.with(9, 47), 0)).toMatchObject({ sourcePort: 0, sequence: 0 });
  });

  it('timestamp reply, byte by byte', () => {
    expect(decodeIcmp(timestampReply)).toEqual({
      kind: 'timestamp-reply',
      identifier: 9,
      sequence: 2,
      originate: 1,
      receive: 2,
      transmit: 3,
    });
    expect(decodeIcmp(timestampReply, 0, 19)).toBeNull();
  });

  it('requests read back as they were written, with a right checksum', () => {
    const words = fc.nat(0xffff);
    fc.assert(
      fc.property(
        words,
        words,
        fc.nat(255),
        fc.uint8Array({ maxLength: 40 }),
        (identifier, sequence, code, payload) => {
          const out = new Uint8Array(64);
          const end = writeIcmpEcho(out, 2, { code, identifier, sequence, payload });
          expect(decodeIcmp(out, 2, end)).toEqual({ kind: 'echo-request', code, identifier, sequence, payloadAt: 10 });
          expect(out.slice(10, end)).toEqual(payload);
          expect(checksumOf(addWords(out, 2, end))).toBe(0);
          const timed = writeIcmpTimestamp(out, 2, { identifier, sequence, originate: code });
          expect(decodeIcmp(out, 2, timed)).toMatchObject({
            kind: 'timestamp-request',
            identifier,
            sequence,
            originate: code,
          });
          expect(checksumOf(addWords(out, 2, timed))).toBe(0);
        },
      ),
    );
  });

  it('decodes anything', () => {
    decodesAnything(decodeIcmp, [unreachable, timestampReply]);
    decodesAnything(decodeQuoted, [quoted]);
  });
});
