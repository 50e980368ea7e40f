import { describe, expect, it } from 'vitest';
import { hex } from '../../../services/bytes.ts';
import { decodesAnything } from '../../../testing/decoder-properties.ts';
import { adTime, sidText, zuluTime } from '../modules/ldap-values.ts';
import { parseLdapFilter } from './ldap-filter.ts';
import { decodeLdapAnswer, decodeLdapLength, ldapBind, ldapSearch } from './ldap-messages.ts';

const toHex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('hex'));

describe('a filter', () => {
  it.each([
    ['(cn=a)', 'a307 0402636e 040161'],
    ['cn=a', 'a307 0402636e 040161'],
    ['(cn=*)', '8702636e'],
    ['(&(a=1)(!(b=2)))', 'a012 a306040161040131 a208a306040162040132'],
    ['(&)', 'a000'],
    ['(cn=a*b*c)', 'a40f 0402636e 3009 800161 810162 820163'],
    ['(cn=\\2a\\29)', 'a308 0402636e 04022a29'],
    ['(a>=1)', 'a506 040161 040131'],
    ['(a~=ü)', 'a807 040161 0402c3bc'],
    ['(a:dn:1.2:=x)', 'a90e 8103312e32 820161 830178 8401ff'],
    ['(:rule:=x)', 'a909 810472756c65 830178'],
  ])('%s is encoded as RFC 4511 has it', (text, expected) => {
    expect(toHex(parseLdapFilter(text))).toBe(expected.replaceAll(' ', ''));
  });

  it.each(['(cn=a', '(cn=a))', '()', '(&(cn=a)', '(!)', '(cn=\\2)', '(cn=\\zz)', '(c n=a)', '(=a)', '(:=x)', '(a=**)'])(
    '%s is none',
    (text) => {
      expect(parseLdapFilter(text)).toBeNull();
    },
  );

  it('is read to a bounded depth and length', () => {
    const deep = (levels: number) => `${'(!'.repeat(levels)}(a=1)${')'.repeat(levels)}`;
    expect(parseLdapFilter(deep(32))).not.toBeNull();
    expect(parseLdapFilter(deep(33))).toBeNull();
    expect(parseLdapFilter(`(a=${'x'.repeat(20_000)})`)).toBeNull();
  });
});

/** An entry `dc=x` with `a: 1, 2`; a result 49 with words; a reference. */
const samples = [
  hex('30 18', '02 01 05', '64 13', '04 04 64633d78', '30 0b', '30 09', '04 01 61', '31 04', '04 00 04 00'),
  hex('30 11', '02 01 02', '61 0c', '0a 01 31', '04 00', '04 05 77726f6e67'),
  hex('30 0d', '02 01 03', '73 08', '04 06 6c6461703a2f'),
];

describe('a message of a directory server', () => {
  it('is an entry, a result or a reference', () => {
    expect(samples.map((sample) => decodeLdapAnswer(sample))).toEqual([
      {
        kind: 'entry',
        id: 5,
        dn: hex('64633d78'),
        attributes: [['a', [new Uint8Array(0), new Uint8Array(0)]]],
      },
      { kind: 'result', id: 2, code: 49, words: 'wrong', referrals: [] },
      { kind: 'reference', id: 3, urls: ['ldap:/'] },
    ]);
  });

  it('tells its length as soon as it can be known', () => {
    expect(decodeLdapLength(hex('30'))).toBeNull();
    expect(decodeLdapLength(hex('30 05'))).toBe(7);
    expect(decodeLdapLength(hex('30 84 00 00'))).toBeNull();
    expect(decodeLdapLength(hex('30 84 00 00 01 00'))).toBe(262);
    expect(decodeLdapLength(hex('30 80'))).toBeNull();
  });

  it('is decoded whatever the bytes are', () => {
    decodesAnything((bytes, at, end) => decodeLdapAnswer(bytes.subarray(at, end)), samples);
    decodesAnything((bytes, at, end) => decodeLdapLength(bytes.subarray(at, end)), samples);
  });
});

it('requests are laid out as RFC 4511 has it', () => {
  expect(toHex(ldapBind(1, 'a', 'b'))).toBe('300e0201016009020103040161800162');
  const search = { base: '', scope: 0, derefAliases: 0, sizeLimit: 200, timeLimit: 0, typesOnly: false };
  expect(toHex(ldapSearch(2, { ...search, filter: hex('870161'), attributes: ['b'] }))).toBe(
    '301f 020102 631a 0400 0a0100 0a0100 020200c8 020100 010100 870161 3003040162'.replaceAll(' ', ''),
  );
});

describe('values of Active Directory', () => {
  it('are read as people read them', () => {
    expect(adTime('132036744000000000')).toBe('2019-05-30 7:20:0 am');
    expect(adTime('0')).toBe('Not Set');
    expect(adTime('9223372036854775807')).toBe('Not Set');
    expect(adTime('20260101000000.0Z')).toBe('20260101000000.0Z');
    expect(zuluTime('2021-08-25T10:00:00Z')).toBe('2021-08-25 10:0:0 am');
    expect(zuluTime('yesterday')).toBe('');
  });

  it('hold security identifiers, whether the bytes are UTF-8 or not', () => {
    const raw = Buffer.from('010500000000000515000000a065cf7e784b9b5fe77c8770f4010000', 'hex');
    expect(sidText(raw.toString('latin1'))).toBe('S-1-5-21-2127521184-1604012920-1887927527-500');
    const plain = Buffer.from('0101000000000005c3bc0000', 'hex');
    expect(sidText(plain.toString('utf8'))).toBe(sidText(plain.toString('latin1')));
    expect(sidText('S-1-5')).toBe('');
  });
});
