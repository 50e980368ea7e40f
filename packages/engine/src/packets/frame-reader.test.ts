import { expect, test } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { AddressBook } from './address-book.ts';
import { type FrameListener, readFrame } from './frame-reader.ts';

const echoId = 0x1234;
const frames = {
  arp: hex('ffffffffffff 020000000007 0806', '0001 0800 06 04 0002 020000000007 0a000007 020000000001 0a000001'),
  synAck: hex(
    '020000000001 020000000007 0800',
    '4500 0028 0000 4000 4006 0000 0a000007 0a000001',
    '0050 ee48 00000001 00000002 5012 0400 0000 0000',
  ),
  refusal: hex(
    '020000000001 020000000007 0800',
    '4500 0038 0000 4000 4001 0000 0a000007 0a000001',
    '03 03 0000 00000000',
    '4500 0020 0000 4000 4011 0000 0a000001 0a000007 ee50 0035 000c 0000',
  ),
  echo: hex(
    '020000000001 020000000007 0800',
    '4500 0020 0000 4000 4001 0000 0a000007 0a000001',
    '00 00 0000 1234 0001 deadbeef',
  ),
};

/** What a frame tells, as words. */
function heard(bytes: Uint8Array, vlan = -1, wanted = -1): string[] {
  const told: string[] = [];
  const listener: FrameListener = {
    mac: (address, _bytes, _at, kind) => told.push(`${kind} ${address}`),
    tcp: (arrival, header) => told.push(`tcp ${arrival.from} ${header.sourcePort} ${header.flags}`),
    udp: (arrival, ports) => told.push(`udp ${arrival.from} ${ports.sourcePort}`),
    echo: (arrival, sequence) => told.push(`echo ${arrival.from} ${sequence}`),
    timestamp: (arrival, sequence) => told.push(`timestamp ${arrival.from} ${sequence}`),
    error: (arrival, error) =>
      told.push(`error ${arrival.from} ${error.kind} ${error.code} ${error.quoted.destinationPort}`),
  };
  readFrame(bytes, vlan, { book: new AddressBook(), framing: 'ethernet', echoId, vlan: wanted, listener });
  return told;
}

test('a frame tells who answered what', () => {
  expect(heard(frames.arp)).toEqual([`arp ${0x0a000007}`]);
  expect(heard(frames.synAck)).toEqual([`tcp ${0x0a000007} 80 18`]);
  expect(heard(frames.refusal)).toEqual([`error ${0x0a000007} unreachable 3 53`]);
  expect(heard(frames.echo)).toEqual([`echo ${0x0a000007} 1`]);
});

test('an echo with the identifier of another program is none of ours', () => {
  expect(heard(frames.echo.with(14 + 20 + 4, 0x99))).toEqual([]);
});

test('frames of another VLAN than the one scanned are not heard', () => {
  expect(heard(frames.synAck, 7, 7)).toHaveLength(1);
  expect(heard(frames.synAck, 8, 7)).toEqual([]);
  expect(heard(frames.synAck, -1, 7)).toEqual([]);
});

test('reads anything without a fault', () => {
  decodesAnything((bytes, at, end) => heard(bytes.subarray(at, end)), Object.values(frames));
});
