import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { write16 } from './big-endian.ts';
import { addWords, checksumOf, pseudoSum4, pseudoSum6, updatedChecksum } from './checksum.ts';

const even = fc.uint8Array({ minLength: 4, maxLength: 80 }).map((bytes) => bytes.subarray(0, bytes.length & ~1));

describe('the Internet checksum', () => {
  it('is that of the example of RFC 1071 section 3', () => {
    const sum = addWords(hex('00 01 f2 03 f4 f5 f6 f7'), 0, 8);
    expect(checksumOf(sum)).toBe(~0xddf2 & 0xffff);
  });

  it('counts an odd last byte as the upper half of a word', () => {
    expect(addWords(hex('12 34 56'), 0, 3)).toBe(0x1234 + 0x5600);
  });

  it('sums to all ones with the data once it is in its place', () => {
    fc.assert(
      fc.property(even, (bytes) => {
        const sealed = bytes.slice();
        write16(sealed, 0, 0);
        write16(sealed, 0, checksumOf(addWords(sealed, 0, sealed.length)));
        expect(checksumOf(addWords(sealed, 0, sealed.length))).toBe(0);
      }),
    );
  });

  it('after a changed word is what counting anew gives, up to the two forms of zero', () => {
    fc.assert(
      fc.property(even, fc.nat(0xffff), (bytes, word) => {
        const before = checksumOf(addWords(bytes, 0, bytes.length));
        const old = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
        const changed = bytes.slice();
        write16(changed, 2, word);
        const anew = checksumOf(addWords(changed, 0, changed.length));
        expect(updatedChecksum(before, old, word) % 0xffff).toBe(anew % 0xffff);
      }),
    );
  });

  it('covers addresses, protocol and length through the pseudo header', () => {
    expect(pseudoSum4(0x0a000001, 0x0a000002, 6, 20)).toBe(0x0a00 + 1 + 0x0a00 + 2 + 6 + 20);
    const source = hex('fd77 0000 0000 0000 0000 0000 0000 0001');
    const destination = hex('fd77 0000 0000 0000 0000 0000 0000 0002');
    expect(pseudoSum6(source, destination, 58, 8)).toBe(0xfd77 + 1 + 0xfd77 + 2 + 58 + 8);
  });
});
