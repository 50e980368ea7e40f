import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as coding from './content-coding.ts';

/** As a buffer, which is compared with others. */
function undoContentCoding(...given: Parameters<typeof coding.undoContentCoding>): Buffer | null {
  const plain = coding.undoContentCoding(...given);
  return plain && Buffer.from(plain);
}

const codings: readonly [string, (plain: Uint8Array) => Uint8Array][] = [
  ['gzip', (plain) => gzipSync(plain)],
  ['x-gzip', (plain) => gzipSync(plain)],
  ['deflate', (plain) => deflateSync(plain)],
  ['Deflate ', (plain) => deflateRawSync(plain)],
  ['br', (plain) => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
];

/** Lines that compress as a page does. */
const page = Buffer.from(
  Array.from({ length: 8000 }, (_, row) => `<tr><td>${row}</td><td>${(row * 7919) % 104_729}</td></tr>\n`).join(''),
);

describe.each(codings)('a body in %s', (name, encode) => {
  it('is whole where it fits', () => {
    expect(undoContentCoding(encode(page), name, page.length)).toEqual(page);
  });

  it.each([1, 1000, 65_536, 200_000])('is cut to exactly what is wanted where it is longer: %i bytes', (most) => {
    expect(undoContentCoding(encode(page), name, most)).toEqual(page.subarray(0, most));
  });

  it('that was cut on its way gives what came', () => {
    const encoded = encode(page);
    const got = undoContentCoding(encoded.subarray(0, encoded.length >> 1), name, page.length);
    expect(got?.length).toBeGreaterThan(page.length / 4);
    expect(got).toEqual(page.subarray(0, got?.length));
  });

  it('that unpacks to a thousand times its size gives what is wanted', () => {
    const most = 65_536;
    const got = undoContentCoding(encode(new Uint8Array(32_000_000)), name, most);
    // Brotli can put any length into a byte.
    if (name === 'br') expect(got?.length).toBeLessThanOrEqual(most);
    else expect(got).toEqual(Buffer.alloc(most));
  });
});

it('is null where the bytes are of another coding, or of one that nobody knows', () => {
  expect(undoContentCoding(Buffer.from('plain text, whatever is said of it'), 'gzip', 1000)).toBeNull();
  expect(undoContentCoding(gzipSync('x'), 'gzip, gzip', 1000)).toBeNull();
  expect(undoContentCoding(Buffer.from('x'), 'zstd', 1000)).toBeNull();
  expect(undoContentCoding(Buffer.from('x'), 'constructor', 1000)).toBeNull();
});

it('leaves a plain body as it is, and an empty one whatever is said of it', () => {
  expect(undoContentCoding(Buffer.from('plain'), '', 3)).toEqual(Buffer.from('pla'));
  expect(undoContentCoding(Buffer.from('plain'), 'identity', 9)).toEqual(Buffer.from('plain'));
  expect(undoContentCoding(new Uint8Array(0), 'gzip', 9)).toEqual(Buffer.alloc(0));
});

it('gives the beginning of the plain body for any body and any bound, and never more', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.nat(5000).map((length) => new Uint8Array(length)),
        ),
        {
          maxLength: 8,
        },
      ),
      fc.integer({ min: 1, max: 20_000 }),
      fc.constantFrom(...codings.slice(0, 4)),
      (parts, most, [name, encode]) => {
        const plain = Buffer.concat(parts);
        const got = undoContentCoding(encode(plain), name, most);
        expect(got).toEqual(plain.subarray(0, most));
      },
    ),
  );
});

it('takes any bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom('gzip', 'deflate', 'br', 'zstd'),
      (bytes, coding) => {
        expect(undoContentCoding(bytes, coding, 100)?.length ?? 0).toBeLessThanOrEqual(100);
      },
    ),
  );
});
