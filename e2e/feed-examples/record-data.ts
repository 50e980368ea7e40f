import { addressBytes } from '@picket/engine/wire/address-bytes';
import { wireName } from '@picket/engine/testing/name-server';

/** Numbers of the types that examples have (RFC 1035 section 3.2.2, RFC 3596). */
export const recordTypes: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  TXT: 16,
  AAAA: 28,
};

/** A record of an example: `MX 10 mail.example.test`. Throws when it is none. */
export function recordData(text: string): { readonly type: number; readonly data: Uint8Array } {
  const [name = '', ...words] = text.split(' ');
  const type = recordTypes[name];
  if (type === undefined) throw new Error(`"${text}" is no record`);
  return { type, data: dataOf(name, words) };
}

function dataOf(type: string, words: readonly string[]): Uint8Array {
  switch (type) {
    case 'A':
    case 'AAAA':
      return addressBytes(words[0] ?? '') ?? new Uint8Array(0);
    case 'MX':
      return Buffer.concat([Uint8Array.of(0, Number(words[0])), wireName(words[1] ?? '')]);
    case 'TXT': {
      const value = Buffer.from(words.join(' '), 'latin1');
      return Buffer.concat([Uint8Array.of(value.length), value]);
    }
    case 'SOA':
      return Buffer.concat([wireName(words[0] ?? ''), wireName(words[1] ?? ''), new Uint8Array(20)]);
    default:
      return wireName(words[0] ?? '');
  }
}
