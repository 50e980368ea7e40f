import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { addWords, checksumOf } from './checksum.ts';
import { decodeUdp, sealUdp, writeUdp } from './udp.ts';

const datagram = hex(
  '00 35 ee 48', // 53 to 61000
  '00 0c 00 00', // 12 bytes, no checksum
  'de ad be ef',
  '00 00', // padding of the link
);

describe('a UDP header', () => {
  it('byte by byte', () => {
    expect(decodeUdp(datagram)).toEqual({
      sourcePort: 53,
      destinationPort: 61000,
      length: 12,
      payloadAt: 8,
      payloadEnd: 12,
    });
    expect(decodeUdp(datagram.with(5, 7))).toBeNull();
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.nat(0xffff),
        fc.uint8Array({ maxLength: 40 }),
        (sourcePort, destinationPort, payload) => {
          const out = new Uint8Array(64);
          const end = writeUdp(out, 3, { sourcePort, destinationPort, payload });
          expect(decodeUdp(out, 3)).toEqual({
            sourcePort,
            destinationPort,
            length: end - 3,
            payloadAt: 11,
            payloadEnd: end,
          });
          expect(out.slice(11, end)).toEqual(payload);
          sealUdp(out, 3, end, 99);
          expect(checksumOf(addWords(out, 3, end, 99))).toBe(0);
        },
      ),
    );
  });

  it('a checksum of zero goes out as all ones, since zero means none', () => {
    const out = new Uint8Array(8);
    const end = writeUdp(out, 0, { sourcePort: 0, destinationPort: 0, payload: new Uint8Array(0) });
    sealUdp(out, 0, end, 0xffff - 8);
    expect(out.slice(6)).toEqual(hex('ff ff'));
  });

  it('decodes anything', () => decodesAnything(decodeUdp, [datagram]));
});
