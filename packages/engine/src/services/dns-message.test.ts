import { describe, expect, it } from 'vitest';
import { hex } from './bytes.ts';
import { decodeDns, dnsQuery, firstText, versionQuery } from './dns-message.ts';
import { dnsIdentification } from './dns-identification.ts';

/** An answer to the version query: flags, counts of answers and authority, and the records. */
const answer = (flags: string, counts: string, ...records: readonly string[]) =>
  hex(`5049 ${flags} 0001 ${counts} 0000`, '07 76657273696f6e 04 62696e64 00 0010 0003', ...records);
const text = 'c00c 0010 0003 00000000 0007 06 392e31382e31'; // TXT "9.18.1"
const zone =
  'c00c 0006 0003 00015180 0023 c00c 0a686f73746d6173746572c00c 00000000 00007080 00001c20 00093a80 00015180';

describe('answers of name servers', () => {
  it('are asked for by a query of one question, without recursion', () => {
    expect(Buffer.from(versionQuery).toString('hex')).toBe(
      '5049000000010000000000000776657273696f6e0462696e640000100003',
    );
    expect(Buffer.from(dnsQuery('a.local', 12, 0x8001)).toString('hex')).toBe(
      '5049000000010000000000000161056c6f63616c00000c8001',
    );
  });

  it('tell flags, records and the text of the first TXT record', () => {
    const decoded = decodeDns(answer('8580', '0001 0001', text, zone));
    expect(decoded).toMatchObject({ rcode: 0, recursionAvailable: true, authoritative: true });
    expect(decoded?.records).toMatchObject([{ type: 16, klass: 3 }]);
    expect(decoded?.authority).toMatchObject([{ type: 6, klass: 3 }]);
    expect(decoded && firstText(decoded)).toBe('9.18.1');
    expect(dnsIdentification(answer('8500', '0000 0001', zone))).toMatchObject({ product: 'BIND' });
    expect(dnsIdentification(answer('8185', '0000 0000'))).toMatchObject({
      info: 'version refused (code 5), recursion available',
    });
  });

  it('are none of ours with another id or opcode, without the bit of a response, with two questions or a broken one', () => {
    const whole = answer('8580', '0001 0000', text);
    const changed = (at: number, byte: number) => decodeDns(whole.with(at, byte));
    expect(decodeDns(whole)).not.toBeNull();
    expect(changed(1, 0)).toBeNull();
    expect(changed(2, 0x05)).toBeNull();
    expect(changed(2, 0xa5)).toBeNull();
    expect(changed(5, 2)).toBeNull();
    expect(changed(12, 0xc0)).toBeNull();
    expect(decodeDns(whole.subarray(0, 11))).toBeNull();
  });

  it('keep what is whole of them', () => {
    const whole = answer('8580', '0002 0000', text, text);
    expect(decodeDns(whole.subarray(0, whole.length - 1))?.records).toHaveLength(1);
  });
});
