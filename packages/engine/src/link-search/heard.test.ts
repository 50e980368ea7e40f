import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressBytes, macBytes } from '../wire/address-bytes.ts';
import { addWords, checksumOf, pseudoSum6 } from '../wire/checksum.ts';
import { decodeEthernet } from '../wire/ethernet.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { decodeIpv6 } from '../wire/ipv6.ts';
import { decodeListener } from '../wire/multicast-listener.ts';
import { guessedAddresses } from './guesses.ts';
import { Heard } from './heard.ts';
import { echoToAll, invalidOptionToAll, queryListeners, solicitRouters } from './questions.ts';

const bytesOf = (text: string) => addressBytes(text) ?? new Uint8Array(16);
const asker = { mac: macBytes('02:00:00:00:00:02') ?? new Uint8Array(6), source: bytesOf('fe80::2') };
const mark = { identifier: 0x5049, sequence: 1 };
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(/\s+/g, ''), 'hex'));

/** A frame from 02:00:00:00:00:07 with an ICMPv6 message behind an extension header or none. */
function frameOf(source: string, message: string, { next = '3a', before = '', hopLimit = 'ff' } = {}): Uint8Array {
  const payload = hex(before + message);
  const length = payload.length.toString(16).padStart(4, '0');
  const addresses = Buffer.concat([bytesOf(source), bytesOf('fe80::2')]).toString('hex');
  const head = `02 00 00 00 00 02  02 00 00 00 00 07  86dd  6000 0000 ${length} ${next} ${hopLimit} ${addresses}`;
  return Uint8Array.from([...hex(head), ...payload]);
}

const echoReply = '81 00 0000 5049 0001 7069';
/** Two records: ff02::1:ff00:7 and ff02::fb. */
const report = `8f 00 0000 0000 0002
  04 00 0000 ff0200000000000000000001ff000007
  04 00 0000 ff0200000000000000000000000000fb`;
const routerAlert = '3a 00 05 02 00 00 01 00';

test.each([
  ['echo request', echoToAll(asker, mark)],
  ['invalid option', invalidOptionToAll(asker, mark)],
  ['listener query', queryListeners(asker)],
  ['router solicitation', solicitRouters(asker)],
])('the %s is a whole packet to a group with a right checksum', (_name, frame) => {
  const ethernet = decodeEthernet(frame);
  const ip = decodeIpv6(frame, ethernet?.payloadAt);
  expect(Buffer.from(frame).toString('hex', 0, 2)).toBe('3333');
  expect(ip?.protocol).toBe(ipProtocol.icmpv6);
  expect(ip?.payloadEnd).toBe(frame.length);
  const [at, end] = [ip?.payloadAt ?? 0, ip?.payloadEnd ?? 0];
  const destination = frame.subarray(ip?.destinationAt, (ip?.destinationAt ?? 0) + 16);
  expect(checksumOf(addWords(frame, at, end, pseudoSum6(asker.source, destination, 58, end - at)))).toBe(0);
});

test('a general query asks for all groups, with the hop limit and router alert of RFC 3810', () => {
  const frame = queryListeners(asker);
  const ip = decodeIpv6(frame, 14);
  expect(ip?.hopLimit).toBe(1);
  expect(decodeListener(frame, ip?.payloadAt)).toEqual({ kind: 'query', maxResponseMs: 1000, group: '::', version: 2 });
});

test('who answers our echo or complains of our option is heard; answers to others are not', () => {
  const heard = new Heard(mark);
  heard.take(frameOf('fd00::7', echoReply));
  heard.take(frameOf('fd00::8', '81 00 0000 1234 0001'));
  // Parameter problem, code 2, at octet 42, with our request quoted.
  const quoted = Buffer.from(invalidOptionToAll(asker, mark).subarray(14)).toString('hex');
  heard.take(frameOf('fd00::9', `04 02 0000 0000002a ${quoted}`));
  expect(heard.hosts).toEqual([
    { address: 'fd00::7', mac: '02:00:00:00:00:07' },
    { address: 'fd00::9', mac: '02:00:00:00:00:07' },
  ]);
});

test('a listener report shows a host and the ends of its addresses', () => {
  const heard = new Heard(mark);
  heard.take(frameOf('fe80::7', report, { next: '00', before: routerAlert, hopLimit: '01' }));
  expect(heard.hosts.map(({ address }) => address)).toEqual(['fe80::7']);
  expect(heard.tails('02:00:00:00:00:07')).toEqual(new Set(['000007']));
  // From another link it would have lost its hop limit.
  const foreign = new Heard(mark);
  foreign.take(frameOf('fe80::7', report, { next: '00', before: routerAlert, hopLimit: '40' }));
  expect(foreign.hosts).toEqual([]);
});

test('a router advertisement counts only from this very link', () => {
  const advertisement = `86 00 0000 40 00 0708 00000000 00000000
    03 04 40 c0 00015180 00003840 00000000 fd000000000000000000000000000000`;
  const heard = new Heard(mark);
  heard.take(frameOf('fe80::1', advertisement, { hopLimit: 'fe' }));
  heard.take(frameOf('fd00::1', advertisement));
  expect(heard.routers).toEqual([]);
  heard.take(frameOf('fe80::1', advertisement));
  expect(heard.routers).toMatchObject([{ address: 'fe80::1', advertisement: { prefixes: [{ prefix: 'fd00::/64' }] } }]);
});

test('an identifier is tried behind each prefix of the link, but only where the host listens for it', () => {
  const heard = new Heard(mark);
  heard.take(frameOf('fe80::7', report, { next: '00', before: routerAlert, hopLimit: '01' }));
  expect(guessedAddresses(heard, ['fd00::2/64', 'fe80::2/64', '10.0.0.2/24', 'fd01::/48'])).toEqual(['fd00::7']);
  const hosts = [{ address: 'fe80::99', mac: '02:00:00:00:00:07' }];
  expect(guessedAddresses({ hosts, tails: (mac) => heard.tails(mac) }, ['fd00::2/64'])).toEqual([]);
});

test('any frame is survived', () => {
  const good = [frameOf('fd00::7', echoReply), frameOf('fe80::7', report, { next: '00', before: routerAlert })];
  fc.assert(
    fc.property(fc.constantFrom(...good), fc.nat(120), fc.uint8Array({ maxLength: 60 }), (frame, at, bytes) => {
      const spoiled = frame.slice();
      spoiled.set(bytes.subarray(0, Math.max(0, frame.length - at)), Math.min(at, frame.length));
      const heard = new Heard(mark);
      heard.take(spoiled);
      heard.take(spoiled.subarray(0, at));
      heard.take(bytes);
      expect(heard.hosts.length).toBeLessThanOrEqual(2);
    }),
  );
});
