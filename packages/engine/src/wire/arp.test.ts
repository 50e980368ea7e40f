import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { type ArpRecord, arpOperation, decodeArp, writeArp } from './arp.ts';

const reply = hex(
  '00 01 08 00 06 04', // Ethernet, IPv4, lengths
  '00 02', // reply
  '02 00 00 00 00 07', // sender MAC
  '0a 00 00 07', // sender 10.0.0.7
  '02 00 00 00 00 01', // target MAC
  '0a 00 00 01', // target 10.0.0.1
);
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 });
const ip = fc.nat(0xffffffff);

describe('an ARP packet', () => {
  it('byte by byte', () => {
    expect(decodeArp(reply)).toEqual({
      operation: arpOperation.reply,
      senderMacAt: 8,
      senderIp: 0x0a000007,
      targetMacAt: 18,
      targetIp: 0x0a000001,
    });
  });

  it('of another hardware, protocol or address length is none', () => {
    for (const at of [1, 2, 4, 5]) expect(decodeArp(reply.with(at, 0x77))).toBeNull();
  });

  it('reads back as it was written', () => {
    const record = fc.record<ArpRecord>({
      operation: fc.nat(9),
      senderMac: mac,
      senderIp: ip,
      targetMac: mac,
      targetIp: ip,
    });
    fc.assert(
      fc.property(record, (written) => {
        const out = new Uint8Array(40);
        expect(writeArp(out, 3, written)).toBe(31);
        const { operation, senderIp, targetIp } = written;
        expect(decodeArp(out, 3)).toMatchObject({ operation, senderIp, targetIp });
        expect(out.slice(11, 17)).toEqual(written.senderMac);
        expect(out.slice(21, 27)).toEqual(written.targetMac);
      }),
    );
  });

  it('decodes anything', () => decodesAnything(decodeArp, [reply]));
});
