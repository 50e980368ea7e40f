import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { macText } from './address-bytes.ts';
import { decodeEthernet, type EthernetRecord, ethertype, writeEthernet } from './ethernet.ts';

const tagged = hex(
  '02 00 00 00 00 02', // destination
  '02 00 00 00 00 01', // source
  '81 00', // 802.1Q
  '20 07', // priority 1, VLAN 7
  '08 00', // IPv4
);
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 });

describe('an Ethernet header', () => {
  it('with an 802.1Q tag, byte by byte', () => {
    expect(decodeEthernet(tagged)).toEqual({
      destinationAt: 0,
      sourceAt: 6,
      ethertype: ethertype.ipv4,
      vlan: 7,
      payloadAt: 18,
    });
    expect(macText(tagged, 6)).toBe('02:00:00:00:00:01');
  });

  it('of two tags the inner one counts, and a third is not looked into', () => {
    const frame = (tags: number) =>
      hex('00'.repeat(12), '88 a8 00 05', '81 00 00 09'.repeat(tags), '86 dd', '00'.repeat(4));
    expect(decodeEthernet(frame(1))).toMatchObject({ vlan: 9, ethertype: ethertype.ipv6, payloadAt: 22 });
    expect(decodeEthernet(frame(2))).toMatchObject({ vlan: 9, ethertype: ethertype.vlan });
  });

  it('reads back as it was written', () => {
    const record = fc.record<EthernetRecord>({
      destination: mac,
      source: mac,
      ethertype: fc.constantFrom(ethertype.ipv4, ethertype.arp, ethertype.ipv6),
      vlan: fc.integer({ min: -1, max: 4095 }),
    });
    fc.assert(
      fc.property(record, fc.nat(9), (written, at) => {
        const out = new Uint8Array(64);
        const payloadAt = writeEthernet(out, at, written);
        const read = decodeEthernet(out, at);
        expect(read).toMatchObject({ ethertype: written.ethertype, vlan: written.vlan, payloadAt });
        expect(out.slice(at, at + 6)).toEqual(written.destination);
        expect(out.slice(at + 6, at + 12)).toEqual(written.source);
      }),
    );
  });

  it('decodes anything', () => decodesAnything(decodeEthernet, [tagged]));
});
