import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodeNameQuery, decodeNodeStatus, isNetbiosName, nameQuery, nodeStatusRequest } from './netbios-message.ts';
import { describeNetbios, netbiosIdentity } from './netbios-table.ts';

/** RFC 1002 section 4.2.18, annotated. */
const nodeStatus = hex(
  '5049 8400 0000 0001 0000 0000', // id, response + authoritative, one answer
  '20 434b4141414141414141414141414141414141414141414141414141414141 41 00', // "*" half-ASCII
  '0021 0001 00000000 00 65', // NBSTAT, IN, TTL 0, 101 bytes
  '03', // three names
  '46494c4553455256455220202020 20 00 0400', // "FILESERVER" <00> unique, active
  '46494c4553455256455220202020 20 20 0400', // "FILESERVER" <20> unique, active
  '434f525020202020202020202020 20 00 8400', // "CORP" <00> group, active
  '00 1b 21 aa bb cc', // unit id: MAC
  '00'.repeat(40), // statistics
);

/** RFC 1002 section 4.2.13. */
const nameAnswer = hex(
  '5049 8580 0000 0001 0000 0000',
  '20 4547454a454d4546464445464643464745464643434143414341434143414341 00',
  '0020 0001 00000000 000c',
  '0000 0a000007', // flags: unique, B node; 10.0.0.7
  '0000 0a010007',
);

test('a node status answer tells names, kinds and the MAC', () => {
  const status = decodeNodeStatus(nodeStatus);
  expect(status).toEqual({
    names: [
      { name: 'FILESERVER', suffix: 0x00, group: false },
      { name: 'FILESERVER', suffix: 0x20, group: false },
      { name: 'CORP', suffix: 0x00, group: true },
    ],
    mac: '00:1b:21:aa:bb:cc',
  });
  const identity = netbiosIdentity(status?.names ?? []);
  expect(identity).toMatchObject({
    workstation: 'FILESERVER',
    domain: 'CORP',
    fileServer: true,
    domainController: false,
  });
  expect(describeNetbios(identity)).toBe('workgroup or domain CORP, file server');
});

test('a unit id of zeros is no MAC, and names that are given up or in conflict are left out', () => {
  const zeros = nodeStatus.slice();
  zeros.fill(0, 57 + 3 * 18, 57 + 3 * 18 + 6);
  expect(decodeNodeStatus(zeros)?.mac).toBeNull();
  const conflict = nodeStatus.slice();
  conflict[57 + 16] = 0x0c;
  expect(decodeNodeStatus(conflict)?.names.map(({ suffix }) => suffix)).toEqual([0x20, 0x00]);
});

test('a name query answer tells the addresses, and a negative one is none', () => {
  expect(decodeNameQuery(nameAnswer)).toEqual(['10.0.0.7', '10.1.0.7']);
  const negative = nameAnswer.slice();
  negative[3] = 0x83;
  expect(decodeNameQuery(negative)).toBeNull();
});

test('requests are those of the RFC', () => {
  expect(Buffer.from(nodeStatusRequest).toString('latin1', 12, 46)).toBe(` CK${'A'.repeat(30)}\0`);
  expect(nodeStatusRequest).toHaveLength(50);
  // "FILESERVER" padded with blanks, suffix 0x20.
  expect(Buffer.from(nameQuery('fileserver', 0x20)).toString('latin1', 13, 45)).toBe(
    'EGEJEMEFFDEFFCFGEFFCCACACACACACA',
  );
});

test('what can be no NetBIOS name is not asked', () => {
  expect(['SRV-1', 'a'.repeat(15)].every(isNetbiosName)).toBe(true);
  expect(['', 'a'.repeat(16), 'a b', 'a.b', 'ü'].some(isNetbiosName)).toBe(false);
});

test('any bytes are survived', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(200), (bytes, cut) => {
      decodeNodeStatus(bytes);
      decodeNameQuery(bytes);
      decodeNodeStatus(nodeStatus.subarray(0, cut));
      const mixed = Uint8Array.from([...nodeStatus.subarray(0, 56), ...bytes]);
      for (const { name } of decodeNodeStatus(mixed)?.names ?? []) expect(name.length).toBeLessThanOrEqual(15);
    }),
  );
});
