import { parseRange } from '@picket/base/ip';
import { rangeSet } from '@picket/base/range-set';
import { addressBytes, macBytes } from '@picket/engine/wire/address-bytes';
import { arpLength, writeArp } from '@picket/engine/wire/arp';
import { ethernetLength, ethertype, writeEthernet } from '@picket/engine/wire/ethernet';
import { echoToAll } from '@picket/engine/link-search/questions';
import { writeIpv4 } from '@picket/engine/wire/ipv4';
import { describe, expect, it } from 'vitest';
import { readPcap } from './pcap-file.ts';
import { judgeFrames, type WireScope } from './scope-verdict.ts';

const target = '02:00:00:00:00:10';
const stranger = '02:00:00:00:00:99';
const broadcast = 'ff:ff:ff:ff:ff:ff';
const targets = rangeSet(
  ['10.0.0.0/28', 'fd00::/124'].flatMap((text) => parseRange(text)).flatMap((range) => (range.ok ? [range.value] : [])),
);
const scope: WireScope = { targets, macs: new Set([target]), linkLocals: new Set(['fe80::10']), linkSearch: false };

function number(address: string): number {
  return new DataView((addressBytes(address) ?? new Uint8Array(4)).buffer).getUint32(0);
}

function ethernet(mac: string, type: number, length: number): { out: Uint8Array; at: number } {
  const out = new Uint8Array(ethernetLength + length);
  const at = writeEthernet(out, 0, {
    destination: macBytes(mac) ?? out,
    source: new Uint8Array(6),
    ethertype: type,
    vlan: -1,
  });
  return { out, at };
}

function ipv4(address: string, mac: string): Uint8Array {
  const { out, at } = ethernet(mac, ethertype.ipv4, 20);
  const [source, destination] = [number('10.0.0.99'), number(address)];
  writeIpv4(out, at, {
    source,
    destination,
    protocol: 17,
    ttl: 64,
    identification: 0,
    dontFragment: false,
    payloadLength: 0,
  });
  return out;
}

function arp(address: string): Uint8Array {
  const { out, at } = ethernet(broadcast, ethertype.arp, arpLength);
  const mac = new Uint8Array(6);
  writeArp(out, at, {
    operation: 1,
    senderMac: mac,
    senderIp: number('10.0.0.99'),
    targetMac: mac,
    targetIp: number(address),
  });
  return out;
}

describe('the verdict over captured frames', () => {
  it('takes packets to targets, and questions for their addresses', () => {
    const { frames, byReason, foreign, addressed } = judgeFrames([ipv4('10.0.0.1', target), arp('10.0.0.2')], scope);
    expect({ frames, foreign, addressed: [...addressed] }).toEqual({
      frames: 2,
      foreign: [],
      addressed: ['10.0.0.1', '10.0.0.2'],
    });
    expect([...byReason.values()]).toEqual([1, 1]);
  });

  it.each([
    ['a packet to another address', ipv4('10.0.0.16', target), 'packet 10.0.0.16 to 02:00:00:00:00:10'],
    ['a packet to the interface of another host', ipv4('10.0.0.1', stranger), 'packet 10.0.0.1 to 02:00:00:00:00:99'],
    ['a packet to a group', ipv4('224.0.0.251', broadcast), 'packet 224.0.0.251 to ff:ff:ff:ff:ff:ff'],
    ['a question for the MAC of another address', arp('10.0.0.16'), 'arp-question 10.0.0.16 to ff:ff:ff:ff:ff:ff'],
    ['a frame of another kind', ethernet(target, 0x88cc, 40).out, 'undecodable  to 02:00:00:00:00:10'],
    ['a frame that is cut', Uint8Array.of(2, 0, 0), 'undecodable  to '],
  ])('finds %s among thousands of good ones', (_, planted, words) => {
    const good = Array.from({ length: 2000 }, (_, index) => ipv4(`10.0.0.${index % 16}`, target));
    expect(judgeFrames([...good.slice(0, 1234), planted, ...good.slice(1234)], scope).foreign).toEqual([words]);
  });

  it('lets all nodes of a link be asked only for a job that searches the link', () => {
    const source = addressBytes('fd00::99') ?? new Uint8Array(16);
    const echo = echoToAll({ mac: new Uint8Array(6), source }, { identifier: 1, sequence: 1 });
    expect(judgeFrames([echo], scope).foreign.length).toBe(1);
    expect(judgeFrames([echo], { ...scope, linkSearch: true }).foreign).toEqual([]);
  });
});

describe('a capture file', () => {
  const header = Uint8Array.from([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, ...new Uint8Array(8), 0, 1, 0, 0, 1, 0, 0, 0]);
  const record = [...new Uint8Array(8), 3, 0, 0, 0, 60, 0, 0, 0, 7, 8, 9];

  it('gives its frames as they were kept', () => {
    expect([...readPcap(Uint8Array.from([...header, ...record, ...record]))]).toEqual([
      Uint8Array.of(7, 8, 9),
      Uint8Array.of(7, 8, 9),
    ]);
  });

  it('is refused when it is cut, of another link or no capture at all', () => {
    expect(() => [...readPcap(Uint8Array.from([...header, ...record.slice(0, -1)]))]).toThrow('is cut');
    expect(() => [...readPcap(Uint8Array.from([...header, ...record.slice(0, 7)]))]).toThrow('is cut');
    expect(() => [...readPcap(header.with(20, 113))]).toThrow('link type 113');
    expect(() => [...readPcap(new Uint8Array(24))]).toThrow('no capture file');
  });
});
