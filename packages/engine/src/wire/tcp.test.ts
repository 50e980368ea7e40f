import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { addWords, checksumOf } from './checksum.ts';
import { decodeTcp, sealTcp, tcpFlag, type TcpRecord, writeTcp } from './tcp.ts';
import { decodeTcpOptions, type TcpOption, writeTcpOptions } from './tcp-options.ts';

const synAck = hex(
  '01 bb ee 48', // 443 to 61000
  '00 00 00 01 80 00 00 02', // sequence, acknowledgement
  'a0 12 fe 88', // 40 bytes of header, SYN ACK, window 65160
  '00 00 00 00', // checksum, urgent pointer
  '02 04 05 b4', // MSS 1460
  '04 02', // SACK permitted
  '08 0a 00 00 00 10 00 00 00 20', // timestamps
  '01', // no operation
  '03 03 07', // window scale 7
);

const option: fc.Arbitrary<TcpOption> = fc.oneof(
  fc.constantFrom<TcpOption>({ kind: 'nop' }, { kind: 'sack-permitted' }),
  fc.record({ kind: fc.constant('mss' as const), bytes: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant('window-scale' as const), shift: fc.nat(255) }),
  fc.record({ kind: fc.constant('timestamps' as const), value: fc.nat(0xffffffff), echo: fc.nat(0xffffffff) }),
  fc.record({ kind: fc.constant('other' as const), number: fc.constant(34), data: fc.uint8Array({ maxLength: 6 }) }),
);

describe('a TCP header', () => {
  it('byte by byte', () => {
    expect(decodeTcp(synAck)).toEqual({
      sourcePort: 443,
      destinationPort: 61000,
      sequence: 1,
      acknowledgement: 0x80000002,
      flags: tcpFlag.syn | tcpFlag.ack,
      window: 65160,
      urgent: 0,
      optionsAt: 20,
      payloadAt: 40,
    });
    expect(decodeTcpOptions(synAck, 20, 40)).toEqual([
      { kind: 'mss', bytes: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 16, echo: 32 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 7 },
    ]);
  });

  it('with a data offset below five words, or beyond the end, is none', () => {
    expect(decodeTcp(synAck.with(12, 0x40))).toBeNull();
    expect(decodeTcp(synAck.with(12, 0xb0))).toBeNull();
  });

  it('options end at the end marker and at an impossible length', () => {
    expect(decodeTcpOptions(hex('00 02 04 05 b4'))).toEqual([{ kind: 'end' }]);
    expect(decodeTcpOptions(hex('01 02 00 05 b4'))).toEqual([{ kind: 'nop' }]);
    expect(decodeTcpOptions(hex('01 02'))).toEqual([{ kind: 'nop' }]);
  });

  it('reads back as it was written', () => {
    const record = fc.record<Omit<TcpRecord, 'options'>>({
      sourcePort: fc.nat(0xffff),
      destinationPort: fc.nat(0xffff),
      sequence: fc.nat(0xffffffff),
      acknowledgement: fc.nat(0xffffffff),
      flags: fc.nat(255),
      window: fc.nat(0xffff),
      urgent: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(record, fc.array(option, { maxLength: 3 }), (fields, options) => {
        const room = new Uint8Array(48);
        const written = room.subarray(0, writeTcpOptions(room, 0, options));
        const out = new Uint8Array(90);
        const end = writeTcp(out, 5, { ...fields, options: written });
        expect(decodeTcp(out, 5, end)).toEqual({ ...fields, optionsAt: 25, payloadAt: end });
        const read = decodeTcpOptions(out, 25, end);
        expect(read.filter(({ kind }) => kind !== 'end')).toEqual(options);
        sealTcp(out, 5, end, 1234);
        expect(checksumOf(addWords(out, 5, end, 1234))).toBe(0);
      }),
    );
  });

  it('decodes anything', () => {
    decodesAnything(decodeTcp, [synAck]);
    decodesAnything(decodeTcpOptions, [synAck.slice(20)]);
  });
});
