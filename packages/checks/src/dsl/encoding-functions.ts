import { ownValue } from '@picket/base/own-value';
import { gunzipSync, gzipSync, inflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import { createHash, createHmac } from 'node:crypto';
import { fromBase64, fromBytes, fromHex, fromText, toBase64, toBytes, toHex } from '../byte-string.ts';
import { bounded, type DslFunction, longestText, ofTexts } from './function.ts';
import { murmur3 } from './murmur3.ts';
import { DslFault } from './value.ts';

const htmlEscapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&#39;',
  '"': '&#34;',
};
const htmlNames: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: fromText('\u00a0'),
};

function htmlUnescape(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ownValue(htmlNames, name) ?? whole;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0x10ffff ? whole : fromText(String.fromCodePoint(code));
  });
}

const percent = (byte: string) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
/** As Go's url.QueryEscape. */
const urlEncode = (text: string) => text.replace(/[^A-Za-z0-9_.~-]/g, (byte) => (byte === ' ' ? '+' : percent(byte)));

function urlDecode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decoded(value: string | null, what: string): string {
  if (value === null) throw new DslFault(`the text is not ${what}`);
  return value;
}

/** The all-functions template decodes streams without an end mark, so what came out until then counts. */
function unpack(text: string, kind: 'gzip' | 'zlib' | 'raw'): string {
  const run = { gzip: gunzipSync, zlib: inflateSync, raw: inflateRawSync }[kind];
  try {
    return fromBytes(run(toBytes(text), { maxOutputLength: longestText, finishFlush: 2 }));
  } catch {
    throw new DslFault(`the text is not ${kind} data`);
  }
}

const digest = (name: string) =>
  ofTexts(1, 1, (text) =>
    createHash(name)
      .update(toBytes(text ?? ''))
      .digest('hex'),
  );

function hmac(name: string, text: string, key: string): string {
  const algorithm = name.toLowerCase().replace('-', '');
  if (!['md5', 'sha1', 'sha256', 'sha512'].includes(algorithm))
    throw new DslFault(`the hash "${name.slice(0, 20)}" is not supported`);
  return createHmac(algorithm, toBytes(key)).update(toBytes(text)).digest('hex');
}

/** Python's base64.encodebytes: lines of 76 characters, each ended. */
const base64Lines = (text: string) => toBase64(text).replace(/.{1,76}/g, '$&\n');

/** Functions that encode, decode and hash. */
export const encodingFunctions: Readonly<Record<string, DslFunction>> = {
  base64: ofTexts(1, 1, (text) => toBase64(text ?? '')),
  base64_py: ofTexts(1, 1, (text) => base64Lines(text ?? '')),
  base64_decode: ofTexts(1, 1, (text) => decoded(fromBase64(text ?? ''), 'base64')),
  hex_encode: ofTexts(1, 1, (text) => toHex(text ?? '')),
  hex_decode: ofTexts(1, 1, (text) => decoded(fromHex(text ?? ''), 'hexadecimal')),
  url_encode: ofTexts(1, 1, (text) => urlEncode(text ?? '')),
  url_decode: ofTexts(1, 1, (text) => urlDecode(text ?? '')),
  html_escape: ofTexts(1, 1, (text) =>
    (text ?? '').replace(/[<>&'"]/g, (character) => ownValue(htmlEscapes, character) ?? character),
  ),
  html_unescape: ofTexts(1, 1, (text) => htmlUnescape(text ?? '')),
  gzip: ofTexts(1, 1, (text) => fromBytes(gzipSync(toBytes(text ?? '')))),
  gzip_decode: ofTexts(1, 1, (text) => unpack(text ?? '', 'gzip')),
  zlib: ofTexts(1, 1, (text) => fromBytes(deflateSync(toBytes(text ?? '')))),
  zlib_decode: ofTexts(1, 1, (text) => unpack(text ?? '', 'zlib')),
  inflate: ofTexts(1, 1, (text) => unpack(text ?? '', 'raw')),
  md5: digest('md5'),
  sha1: digest('sha1'),
  sha256: digest('sha256'),
  sha512: digest('sha512'),
  mmh3: ofTexts(1, 1, (text) => String(murmur3(toBytes(text ?? '')))),
  hmac: ofTexts(3, 3, (name, text, key) => hmac(name ?? '', text ?? '', key ?? '')),
  padding: ofTexts(4, 4, (text, fill, size, side) => pad(text ?? '', fill ?? '', size ?? '', side ?? '')),
};

function pad(text: string, fill: string, size: string, side: string): string {
  const length = Number(size);
  if (!Number.isInteger(length) || length < 0 || length > longestText || fill === '')
    throw new DslFault('padding is out of range');
  return bounded(side === 'prefix' ? text.padStart(length, fill) : text.padEnd(length, fill));
}
