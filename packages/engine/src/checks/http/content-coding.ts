import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Undoes a coding as far as the bytes go. Throws when they are not of that coding, or hold more than `maxOutputLength`. */
type Decoder = (bytes: Uint8Array, maxOutputLength: number) => Uint8Array;

/** What was cut off is no error: with a flush at the end what is there comes out. */
const finishFlush = constants.Z_SYNC_FLUSH;
const gzip: Decoder = (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength, finishFlush });
const zlib: Decoder = (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength, finishFlush });
const raw: Decoder = (bytes, maxOutputLength) => inflateRawSync(bytes, { maxOutputLength, finishFlush });
const brotli: Decoder = (bytes, maxOutputLength) =>
  brotliDecompressSync(bytes, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH });

/** RFC 9110 section 8.4.1, RFC 7932; `deflate` is sent without the wrapper of zlib as well. */
const decoders: ReadonlyMap<string, readonly Decoder[]> = new Map([
  ['gzip', [gzip]],
  ['x-gzip', [gzip]],
  ['deflate', [zlib, raw]],
  ['br', [brotli]],
]);

/** What a cut may be longer than asked for, bytes: a byte of deflate gives at most 1032. */
const slack = 4096;

/**
 * The first `most` bytes of a body without its content coding. Null: the coding is not known, or the bytes are not of it. Takes no more
 * memory than `most` and a little, whatever the bytes claim to be.
 */
export function undoContentCoding(body: Uint8Array, coding: string, most: number): Uint8Array | null {
  const name = coding.trim().toLowerCase();
  if (name === '' || name === 'identity' || body.length === 0) return body.subarray(0, most);
  for (const decoder of decoders.get(name) ?? []) {
    const plain = firstOf(body, decoder, most);
    if (plain !== null) return plain;
  }
  return null;
}

/**
 * zlib gives all or nothing. So where there is more than is wanted, the beginning of the body is looked for that holds just enough, by halving:
 * about twenty times the work of one bounded decoding, and only for what is too long.
 */
function firstOf(body: Uint8Array, decoder: Decoder, most: number): Uint8Array | null {
  const decode = (length: number) => attempt(body.subarray(0, length), decoder, most + slack);
  const all = decode(body.length);
  if (all !== 'too-much') return all?.subarray(0, most) ?? null;
  let best: Uint8Array = new Uint8Array(0);
  for (let [fits, tooMuch] = [0, body.length]; tooMuch - fits > 1 && best.length < most; ) {
    const length = (fits + tooMuch) >> 1;
    const plain = decode(length);
    if (plain === null) return null;
    if (plain === 'too-much') tooMuch = length;
    else [fits, best] = [length, plain];
  }
  return best.subarray(0, most);
}

function attempt(bytes: Uint8Array, decoder: Decoder, maxOutputLength: number): Uint8Array | 'too-much' | null {
  try {
    return decoder(bytes, maxOutputLength);
  } catch (error) {
    return error instanceof RangeError ? 'too-much' : null;
  }
}
