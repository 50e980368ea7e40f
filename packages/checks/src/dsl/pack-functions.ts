import { crc32, deflateRawSync } from 'node:zlib';
import { fromBytes, fromText, toBytes, toText } from '../byte-string.ts';
import { anyNumber, bounded, type DslFunction, ofTexts } from './function.ts';
import { DslFault, type DslValue, textOf } from './value.ts';

const le = (value: number, size: number) =>
  Array.from({ length: size }, (_, at) => String.fromCharCode((value >>> (8 * at)) & 255)).join('');

/** A ZIP archive of stored entries (APPNOTE 4.3.7, 4.3.12, 4.3.16): name, content, name, content… */
function zip(args: readonly DslValue[]): string {
  if (args.length % 2 !== 0) throw new DslFault('zip needs pairs of a name and a content');
  let body = '';
  let directory = '';
  for (let at = 0; at < args.length; at += 2) {
    const [name, content] = [textOf(args[at] ?? ''), textOf(args[at + 1] ?? '')];
    const sizes = le(crc32(toBytes(content)), 4) + le(content.length, 4).repeat(2) + le(name.length, 2);
    const common = `${le(20, 2)}${le(0, 2)}${le(0, 2)}${le(0, 4)}${sizes}`;
    directory += `PK\x01\x02${le(20, 2)}${common}${le(0, 2)}${le(0, 2)}${le(0, 2)}${le(0, 2)}${le(0, 4)}${le(body.length, 4)}${name}`;
    body = bounded(`${body}PK\x03\x04${common}${le(0, 2)}${name}${content}`);
  }
  const count = le(args.length / 2, 2);
  return `${body}${directory}PK\x05\x06${le(0, 4)}${count}${count}${le(directory.length, 4)}${le(body.length, 4)}${le(0, 2)}`;
}

function xor(args: readonly DslValue[]): string {
  const texts = args.map(textOf);
  if (texts.some((text) => text === '')) throw new DslFault('xor takes no empty text');
  const length = Math.max(...texts.map((text) => text.length));
  return Array.from({ length }, (_, at) =>
    String.fromCharCode(texts.reduce((sum, text) => sum ^ text.charCodeAt(at % text.length), 0)),
  ).join('');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(toText(text));
  } catch {
    throw new DslFault('the text is no JSON');
  }
}

/** unpack(format, bytes): one number, with the letters of Python's struct; `>` big-endian, else little-endian. */
function unpack(format: string, data: string): number {
  const match = /^([<>=!@]?)([bBhHiIlLqQ])$/.exec(format.trim());
  const letter = match?.[2] ?? '';
  const size = { b: 1, h: 2, i: 4, l: 4, q: 8 }[letter.toLowerCase()] ?? 0;
  if (size === 0 || data.length < size) throw new DslFault('unpack needs a format of one number and as many bytes');
  const bytes = [...toBytes(data.slice(0, size))];
  if (match?.[1] !== '>' && match?.[1] !== '!') bytes.reverse();
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const signed = letter === letter.toLowerCase() && value >= 2 ** (8 * size - 1);
  return signed ? value - 2 ** (8 * size) : value;
}

function gzipTime(text: string): number {
  if (!text.startsWith('\x1f\x8b') || text.length < 10) throw new DslFault('the text is not gzip data');
  return unpack('<I', text.slice(4, 8));
}

/** Functions that pack bytes and look into what is packed. */
export const packFunctions: Readonly<Record<string, DslFunction>> = {
  zip: { least: 2, most: anyNumber, run: zip },
  deflate: ofTexts(1, 1, (text) => fromBytes(deflateRawSync(toBytes(text ?? '')))),
  xor: { least: 2, most: anyNumber, run: xor },
  unpack: ofTexts(2, 2, (format, data) => unpack(format ?? '', data ?? '')),
  gzip_mtime: ofTexts(1, 1, (text) => gzipTime(text ?? '')),
  json_minify: ofTexts(1, 1, (text) => bounded(fromText(JSON.stringify(parse(text ?? ''))))),
  json_prettify: ofTexts(1, 1, (text) => bounded(fromText(JSON.stringify(parse(text ?? ''), null, 4)))),
  count: ofTexts(2, 2, (text, part) =>
    part === '' ? (text ?? '').length + 1 : (text ?? '').split(part ?? '').length - 1,
  ),
};
