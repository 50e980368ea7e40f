import { argon2, timingSafeEqual } from 'node:crypto';
import type { Random } from '@picket/base/random';
import { limited } from './limited.ts';

/** RFC 9106 with the figures of OWASP's password storage sheet: argon2id, 19 MiB, two passes, one lane. */
const figures = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const saltLength = 16;

/**
 * Two at a time: each takes 19 MiB and a thread of the pool that files and names also need. A flood of sign-ins waits, and what
 * does not fit the queue is refused.
 */
const inTurns = limited(2, 128);

/** The password's hash in PHC form: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. Runs off the event loop. */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = random.bytes(saltLength);
  const hash = await derive(password, salt, figures);
  const { memory, passes, parallelism } = figures;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** Whether it is the password of this hash. `stored` null (no such account) takes as long and is false. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parsed = parsePhc(stored ?? unknownAccount);
  if (parsed === null) return false;
  const hash = await derive(password, parsed.salt, parsed.figures);
  const equal = hash.length === parsed.hash.length && timingSafeEqual(hash, parsed.hash);
  return equal && stored !== null;
}

/** Whether a stored hash was made with other figures than today's: it is replaced at the next right password. */
export function needsRehash(stored: string): boolean {
  const parsed = parsePhc(stored);
  if (parsed === null) return false;
  const { memory, passes, parallelism, tagLength } = parsed.figures;
  return (
    memory !== figures.memory ||
    passes !== figures.passes ||
    parallelism !== figures.parallelism ||
    tagLength !== figures.tagLength
  );
}

/** A hash that no password has (all zero), of the same cost as the real ones. */
const unknownAccount = `$argon2id$v=19$m=${figures.memory},t=${figures.passes},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** 16 characters of 31, easy to read out: 79 bits. */
export function oneTimePassword(random: Random): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters = Array.from({ length: 16 }, () => alphabet[random.integer(alphabet.length)]).join('');
  return letters.replaceAll(/.{4}(?=.)/g, '$&-');
}

interface Phc {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly figures: { memory: number; passes: number; parallelism: number; tagLength: number };
}

function parsePhc(text: string): Phc | null {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    text,
  );
  if (!match) return null;
  const [, memory = '', passes = '', parallelism = '', salt = '', hash = ''] = match;
  const hashBytes = new Uint8Array(Buffer.from(hash, 'base64'));
  const saltBytes = new Uint8Array(Buffer.from(salt, 'base64'));
  // Least lengths of RFC 9106 section 3.1; Node's argon2 throws below them.
  if (saltBytes.length < 8 || hashBytes.length < 4 || Number(memory) < 8 * Number(parallelism)) return null;
  return {
    salt: saltBytes,
    hash: hashBytes,
    figures: {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      tagLength: hashBytes.length,
    },
  };
}

function derive(password: string, nonce: Uint8Array, phc: Phc['figures']): Promise<Uint8Array> {
  // The same characters typed on another keyboard can be other code points (RFC 8265 section 4.2.1: NFC).
  const message = Buffer.from(password.normalize('NFC'));
  return inTurns(
    () =>
      new Promise((resolve, reject) => {
        argon2('argon2id', { message, nonce, ...phc }, (error, hash) => {
          if (error) reject(error);
          else resolve(new Uint8Array(hash));
        });
      }),
  );
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
