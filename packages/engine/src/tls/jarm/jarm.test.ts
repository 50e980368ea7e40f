import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tlsMessages } from '../../fuzz/corpus/tls-messages.ts';
import { fixedRandom } from '../../fuzz/fixed-random.ts';
import { concat, hex } from '../../services/bytes.ts';
import { decodeJarmAnswer, isJarmAnswer, type JarmAnswer } from './answer.ts';
import { inOrder, jarmCiphers } from './cipher-order.ts';
import { emptyJarm, jarmFingerprint } from './fingerprint.ts';
import { jarmHelloBytes, jarmHellos } from './hellos.ts';

const answer = (cipher: number, version: number, protocol = '', extensions: readonly number[] = []): JarmAnswer => ({
  cipher,
  version,
  protocol,
  extensions,
});

describe('orders of a list', () => {
  it.each([
    ['forward', [1, 2, 3, 4, 5], [1, 2, 3, 4]],
    ['reverse', [5, 4, 3, 2, 1], [4, 3, 2, 1]],
    ['top-half', [3, 2, 1], [2, 1]],
    ['bottom-half', [4, 5], [3, 4]],
    ['middle-out', [3, 4, 2, 5, 1], [3, 2, 4, 1]],
  ] as const)('%s', (order, odd, even) => {
    expect(inOrder([1, 2, 3, 4, 5], order)).toEqual(odd);
    expect(inOrder([1, 2, 3, 4], order)).toEqual(even);
    expect(inOrder([], order)).toEqual([]);
  });
});

describe('the ten hellos', () => {
  const bytes = jarmHellos.map((hello) => jarmHelloBytes(hello, 'a.test', fixedRandom));

  it('are whole records of a whole message', () => {
    for (const hello of bytes) {
      expect(hello[0]).toBe(22);
      expect(((hello[3] ?? 0) << 8) | (hello[4] ?? 0)).toBe(hello.length - 5);
      expect(((hello[7] ?? 0) << 8) | (hello[8] ?? 0)).toBe(hello.length - 9);
    }
  });

  it('name the versions and offer the suites that the method asks for', () => {
    // Record version, hello version, bytes of suites (after 43 bytes and a session id of 32 with its length).
    const seen = bytes.map((hello) => Buffer.from(hello).toString('hex'));
    const facts = seen.map((text) => [text.slice(2, 6), text.slice(18, 22), Number.parseInt(text.slice(152, 156), 16)]);
    const all = jarmCiphers.length * 2;
    expect(facts).toEqual([
      ['0303', '0303', all],
      ['0303', '0303', all],
      ['0303', '0303', 70],
      ['0303', '0303', 68],
      ['0303', '0303', all + 2],
      ['0302', '0302', all],
      ['0301', '0303', all],
      ['0301', '0303', all],
      ['0301', '0303', all - 10],
      ['0301', '0303', all + 2],
    ]);
  });
});

describe('the answer to a hello', () => {
  it('tells suite, version, protocol and extensions in their order', () => {
    // Record; ServerHello of TLS 1.2, no session id, suite c02f, no compression; server_name, renegotiation_info, ALPN http/1.1.
    const extensions = hex('0000 0000', 'ff01 0001 00', '0010 000b 0009 08 687474702f312e31');
    const body = concat(hex('0303', '11'.repeat(32), '00', 'c02f', '00'), hex('0018'), extensions);
    const message = concat(hex('02 0000'), Uint8Array.of(body.length), body);
    const record = concat(hex('16 0303 00'), Uint8Array.of(message.length), message);
    expect(decodeJarmAnswer(record)).toEqual(answer(0xc02f, 0x0303, 'http/1.1', [0, 0xff01, 16]));
    // The next record is not taken for extensions of a hello that has none.
    const bare = concat(hex('16 0301 002a 02 000026 0301', '22'.repeat(32), '00 0005 00'), hex('16 0301 0e ac 0b'));
    expect(decodeJarmAnswer(bare)).toEqual(answer(5, 0x0301));
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['an alert before the hello', concat(hex('15 0303 0002 0170'), tlsMessages.tls13Hello)],
    ['no TLS', new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a cut hello', tlsMessages.tls13Hello.subarray(0, 40)],
    ['a session id beyond the end', concat(hex('16 0303 0028 02 000024 0303', '00'.repeat(32), 'ff 00'))],
  ])('is none when it is %s', (_what, bytes) => {
    expect(decodeJarmAnswer(bytes)).toBeNull();
  });

  it('is awaited until its first record is whole', () => {
    const { tls13Hello } = tlsMessages;
    const whole = 5 + (((tls13Hello[3] ?? 0) << 8) | (tls13Hello[4] ?? 0));
    expect(isJarmAnswer(tls13Hello.subarray(0, whole - 1))).toBe(false);
    expect(isJarmAnswer(tls13Hello.subarray(0, whole))).toBe(true);
    expect(isJarmAnswer(hex('48'))).toBe(true);
    expect(isJarmAnswer(new Uint8Array(0))).toBe(false);
  });
});

describe('the fingerprint', () => {
  it('is the published one for published answers', () => {
    const alpn = answer(0xc02f, 0x0303, 'http/1.1', [0, 0xff01, 11, 35, 16]);
    const plain = answer(0xc02f, 0x0303, '', [0, 0xff01, 11, 35]);
    // From the tests of hdm/jarm-go.
    expect(jarmFingerprint([alpn, alpn, null, plain, plain, null, alpn, alpn, alpn, alpn])).toBe(
      '29d29d00029d29d00029d29d29d29d8c9dac4e97f99c7a0e93e9d4d790df0a',
    );
  });

  it('has the choices of each answer in its first half and all extensions in its second', () => {
    const first = jarmFingerprint([answer(0x1301, 0x0303, 'h2', [43, 51]), ...Array<null>(9).fill(null)]);
    expect(first.slice(0, 30)).toBe(`41d${'000'.repeat(9)}`);
    expect(first.slice(30)).toBe(createHash('sha256').update('h2002b-0033').digest('hex').slice(0, 32));
    const other = jarmFingerprint([answer(0x1301, 0x0303, 'h2', [43]), ...Array<null>(9).fill(null)]);
    expect(other.slice(0, 30)).toBe(first.slice(0, 30));
    expect(other.slice(30)).not.toBe(first.slice(30));
  });

  it('gives a suite that was not offered and versions that there are not a place, too', () => {
    const odd = [answer(0xbeef, 0x0300), answer(0x0004, 0x03ff), answer(0x1305, 0x0305)];
    expect(jarmFingerprint([...odd, ...Array<null>(7).fill(null)]).slice(0, 9)).toBe('46a01045f');
  });

  it('is all zeros when nothing answered', () => {
    expect(jarmFingerprint(Array<null>(10).fill(null))).toBe(emptyJarm);
    expect(emptyJarm).toMatch(/^0{62}$/);
  });
});
