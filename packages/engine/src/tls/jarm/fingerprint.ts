import { createHash } from 'node:crypto';
import { toBytes } from '@picket/checks/byte-string';
import { isTls13Suite, jarmCiphers } from './cipher-order.ts';
import type { JarmAnswer } from './answer.ts';

/** The fingerprint of a server that answered no hello, or that is no TLS server: 62 zeros. */
export const emptyJarm: string = '0'.repeat(62);

/**
 * The fingerprint of ten answers, 62 characters: for each the suite and the version in three, then the first half of SHA-256 over the
 * protocols and extensions of all. Servers of the same software and settings have the same.
 */
export function jarmFingerprint(answers: readonly (JarmAnswer | null)[]): string {
  if (answers.every((answer) => answer === null)) return emptyJarm;
  const choices = answers.map((answer) =>
    answer === null ? '000' : suiteText(answer.cipher) + versionText(answer.version),
  );
  const said = answers.map((answer) =>
    answer === null ? '' : answer.protocol + answer.extensions.map(hex4).join('-'),
  );
  return (
    choices.join('') +
    createHash('sha256')
      .update(toBytes(said.join('')))
      .digest('hex')
      .slice(0, 32)
  );
}

const hex4 = (code: number) => code.toString(16).padStart(4, '0');

/** Suites by number, those of TLS 1.3 last: the place of one in this list, from 1, stands for it. */
const numbered = [...jarmCiphers].sort((a, b) => Number(isTls13Suite(a)) - Number(isTls13Suite(b)) || a - b);

/** A suite that was not offered has the number after the last. */
function suiteText(cipher: number): string {
  const at = numbered.indexOf(cipher);
  return ((at < 0 ? numbered.length : at) + 1).toString(16).padStart(2, '0');
}

/** `a` for SSL 3.0 to `d` for TLS 1.2, after the last half byte of the version; 0 beyond `f`. */
function versionText(version: number): string {
  return 'abcdef'.charAt(version & 15) || '0';
}
