import { describe, expect, test } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodeMessage, encodeQuery, encodeQuestions } from './message.ts';
import { encodeName } from './name.ts';
import { messageText, sectionText } from './record-text.ts';

/** An answer about example.test with one record; the name of the record points to the question (0xc00c). */
const answer = (type: string, data: string, flags = '8180') =>
  hex(
    '1234', // id
    flags, // a response, recursion wanted and available
    '0001 0001 0000 0000', // one question, one answer
    '07 6578616d706c65 04 74657374 00', // example.test
    `${type} 0001`,
    `c00c ${type} 0001 0000012c`, // name, type, IN, 300 s
    (data.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0'),
    data,
  );

function textOf(message: Uint8Array): string {
  const decoded = decodeMessage(message);
  return decoded === null ? 'no DNS' : sectionText(message, decoded.answers);
}

describe('DNS messages', () => {
  test.each([
    ['A', '0001', 'c0000207', '192.0.2.7'],
    ['AAAA', '001c', '20010db8000000000000000000000001', '2001:db8::1'],
    ['CNAME', '0005', '03777777 c00c', 'www.example.test.'],
    ['NS', '0002', 'c00c', 'example.test.'],
    ['PTR', '000c', 'c00c', 'example.test.'],
    ['MX', '000f', '000a 046d61696c c00c', '10 mail.example.test.'],
    ['TXT', '0010', '04 76 3d 22 31 01 62', '"v=\\"1" "b"'],
    ['SRV', '0021', '0001 0002 0050 c00c', '1 2 80 example.test.'],
    ['SOA', '0006', 'c00c c00c 00000001 00000002 00000003 00000004 00000005', 'example.test. example.test. 1 2 3 4 5'],
    ['CAA', '0101', '00 05 6973737565 6361', '0 issue "ca"'],
    ['TLSA', '0034', '03 01 01 abcd', '3 1 1 abcd'],
    ['DS', '002b', '0001 08 02 abcd', '1 8 2 ABCD'],
    ['TYPE65', '0041', '0001', '\\# 2 0001'],
  ])('writes %s as a zone file does', (name, type, data, expected) => {
    expect(textOf(answer(type, data))).toBe(`example.test.\t300\tIN\t${name}\t${expected}`);
  });

  test('names the response code and the sections', () => {
    const message = answer('0001', 'c0000207', '8183');
    const decoded = decodeMessage(message);
    const text = decoded ? messageText(message, decoded) : '';
    expect(text).toContain(';; opcode: QUERY, status: NXDOMAIN, id: 4660');
    expect(text).toContain(';; flags: qr rd ra; QUERY: 1, ANSWER: 1');
    expect(text).toContain(';; QUESTION SECTION:\n;example.test.\tIN\t A');
  });

  test('writes a query that it reads again, and refuses names without a wire form', () => {
    const query = encodeQuery({ name: 'a.example.test.', type: 16, class: 1 }, 7, true);
    const decoded = query && decodeMessage(query);
    expect(decoded).toMatchObject({ id: 7, questions: [{ type: 16, class: 1 }], answers: [] });
    for (const name of ['a..b', `${'x'.repeat(64)}.test`, `${'x.'.repeat(130)}test`])
      expect(encodeName(name)).toBe(null);
  });

  test('asks several questions at once, without those that have no wire form', () => {
    const question = (name: string) => ({ name, type: 12, class: 0x8001 });
    const query = encodeQuestions([question('a.local'), question('a..b'), question('b.local')], 7, false);
    expect(decodeMessage(query)).toMatchObject({
      id: 7,
      response: false,
      opcode: 0,
      questions: [{ type: 12, class: 0x8001 }, {}],
    });
  });

  test('survives loops, cuts and lies about lengths', () => {
    expect(textOf(answer('0005', 'c02a'))).toContain('\\#'); // points to itself
    expect(textOf(answer('0001', 'c000'))).toContain('\\#'); // two bytes are no address
    const whole = answer('000f', '000a 046d61696c c00c');
    for (let cut = 0; cut < whole.length; cut += 1) textOf(whole.subarray(0, cut));
    expect(decodeMessage(hex('1234 8180 ffff ffff ffff ffff'))).toBe(null);
  });
});
