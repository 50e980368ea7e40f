import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodeDnsRecords, dnsQuestions, recordTypes } from './dns-records.ts';
import { dnsSdFacts } from './dns-sd.ts';

/** An answer of a multicast DNS responder (RFC 6762 section 18), annotated; names are compressed (RFC 1035 section 4.1.4). */
const answer = hex(
  '0000 8400 0000 0001 0000 0003', // id 0, authoritative response, one answer, three additional
  // 12: _ipp._tcp.local PTR "Front Desk"._ipp._tcp.local
  '04 5f697070 04 5f746370 05 6c6f63616c 00', // 12: _ipp, 17: _tcp, 22: local
  '000c 0001 00001194 000d',
  '0a 46726f6e74204465736b c00c', // 39
  // SRV: priority, weight, port 631, target printer.local
  'c027 0021 8001 00000078 0010',
  '0000 0000 0277 07 7072696e746572 c016', // target begins at 70
  'c046 0001 8001 00000078 0004 0a000007', // printer.local A 10.0.0.7
  'c046 001c 8001 00000078 0010 fe800000000000000000000000000007',
);

test('records of all sections are read, compressed names too', () => {
  const decoded = decodeDnsRecords(answer);
  expect(decoded?.records).toEqual([
    { name: '_ipp._tcp.local', type: recordTypes.ptr, value: 'Front Desk._ipp._tcp.local' },
    { name: 'Front Desk._ipp._tcp.local', type: recordTypes.srv, value: 'printer.local', port: 631 },
    { name: 'printer.local', type: recordTypes.a, value: '10.0.0.7' },
    { name: 'printer.local', type: recordTypes.aaaa, value: 'fe80::7' },
  ]);
  expect(dnsSdFacts(decoded?.records ?? [])).toEqual({
    hostnames: ['printer.local'],
    serviceTypes: [],
    addresses: ['10.0.0.7', 'fe80::7'],
  });
});

test('service types and the name of a reverse question are facts', () => {
  expect(
    dnsSdFacts([
      { name: '_services._dns-sd._udp.local', type: recordTypes.ptr, value: '_ssh._tcp.local' },
      { name: '7.0.0.10.in-addr.arpa', type: recordTypes.ptr, value: 'Printer.local' },
      { name: '_ssh._tcp.local', type: recordTypes.ptr, value: 'box._ssh._tcp.local' },
    ]),
  ).toEqual({ hostnames: ['printer.local'], serviceTypes: ['_ssh._tcp'], addresses: [] });
});

test('a pointer that leads on or round in circles ends the reading', () => {
  const loop = hex('5049 8400 0000 0001 0000 0000', 'c00c 000c 0001 00000000 0002 c00c');
  expect(decodeDnsRecords(loop)?.records).toEqual([]);
});

test('queries carry their questions, with the unicast bit where wanted', () => {
  const query = dnsQuestions([{ name: 'a.local', type: 12, unicast: true }]);
  expect(Buffer.from(query).toString('hex')).toBe('5049000000010000000000000161056c6f63616c00000c8001');
  expect(decodeDnsRecords(query)).toBeNull();
});

test('any bytes are survived, and names stay bounded and fit to print', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(answer.length), (bytes, at) => {
      decodeDnsRecords(bytes);
      const spoiled = answer.slice();
      spoiled.set(bytes.subarray(0, answer.length - at), at);
      for (const { name } of decodeDnsRecords(spoiled)?.records ?? []) {
        expect(name.length).toBeLessThanOrEqual(255);
        // oxlint-disable-next-line no-control-regex -- that none is left is what is proved
        expect(name).not.toMatch(/[\u0000-\u001f]/);
      }
    }),
  );
});
