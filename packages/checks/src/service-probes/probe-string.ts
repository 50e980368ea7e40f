import { ownValue } from '@picket/base/own-value';
import { err, ok, type Result } from '@picket/base/result';

const named: Readonly<Record<string, number>> = {
  '0': 0,
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '\\': 0x5c,
};

/** The bytes of a probe's text: C escapes `\0 \a \b \f \n \r \t \v \\ \xHH`, everything else stands for itself. Total. */
export function unescapeProbe(text: string): Result<Uint8Array, string> {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '\\') {
      const code = text.charCodeAt(at);
      if (code > 0xff) return err('it holds a character that is no byte; write \\xHH.');
      bytes.push(code);
      continue;
    }
    const escaped = text[at + 1] ?? '';
    const hexadecimal = /^x([0-9a-fA-F]{2})/.exec(text.slice(at + 1, at + 4))?.[1];
    if (hexadecimal !== undefined) {
      bytes.push(Number.parseInt(hexadecimal, 16));
      at += 3;
    } else {
      const byte = ownValue(named, escaped);
      if (byte === undefined) return err(`"\\${escaped}" is no escape.`);
      bytes.push(byte);
      at += 1;
    }
  }
  return ok(Uint8Array.from(bytes));
}
