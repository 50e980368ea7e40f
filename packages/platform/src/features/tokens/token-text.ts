import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Random } from '@picket/base/random';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 178 bits. */
const secretLength = 30;
const checkLength = 6;
const form = new RegExp(`^pkt_[0-9A-Za-z]{${secretLength + checkLength}}$`);

/**
 * `pkt_`, 30 random characters and 6 that are the CRC-32 of those before: a scanner that looks for lost secrets finds it by
 * its form alone, and a mistyped one is refused without asking the database.
 */
export function newToken(random: Random): string {
  const secret = Array.from({ length: secretLength }, () => digits[random.integer(digits.length)]).join('');
  return `pkt_${secret}${checkOf(secret)}`;
}

/** Whether it has the form of a token and its check is right. */
export function looksLikeToken(text: string): boolean {
  if (!form.test(text)) return false;
  const secret = text.slice(4, 4 + secretLength);
  return text.endsWith(checkOf(secret));
}

/** What is stored of a token: with 178 random bits a plain hash is enough. */
export function hashOfToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

function checkOf(secret: string): string {
  let rest = crc32(secret);
  let text = '';
  for (let place = 0; place < checkLength; place++) {
    text = (digits[rest % digits.length] ?? '') + text;
    rest = Math.floor(rest / digits.length);
  }
  return text;
}
