import { describe, expect, it } from 'vitest';
import { base32, codeOfStep, otpauthUri, stepAt, stepOfCode } from './totp.ts';

/** RFC 6238 appendix B, the rows of SHA-1: the secret is 20 ASCII digits. */
const secret = new Uint8Array(Buffer.from('12345678901234567890'));
const vectors: readonly (readonly [seconds: number, code: string])[] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
];
/** RFC 4226 appendix D: counters 0 to 9. */
const counters = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');

describe('TOTP', () => {
  it.each(vectors)('of RFC 6238 at %i s is %s', (seconds, code) => {
    expect(codeOfStep(secret, stepAt(seconds * 1000), 8)).toBe(code);
  });

  it('gives the codes of RFC 4226', () => {
    expect(counters.map((_, counter) => codeOfStep(secret, counter))).toEqual(counters);
  });

  it('takes the code of the step before, of now and of the one after, and no other', () => {
    const now = 1_234_567_890_000;
    const step = stepAt(now);
    const taken = [-2, -1, 0, 1, 2].map((off) => stepOfCode(secret, codeOfStep(secret, step + off), now, null));
    expect(taken).toEqual([null, step - 1, step, step + 1, null]);
    for (const wrong of ['', '12345', '1234567', 'abcdef', '１２３４５６']) {
      expect(stepOfCode(secret, wrong, now, null)).toBeNull();
    }
  });

  it('takes no code twice, and none that is older than the last', () => {
    const now = 1_234_567_890_000;
    const step = stepAt(now);
    expect(stepOfCode(secret, codeOfStep(secret, step), now, step)).toBeNull();
    expect(stepOfCode(secret, codeOfStep(secret, step - 1), now, step)).toBeNull();
    expect(stepOfCode(secret, codeOfStep(secret, step + 1), now, step)).toBe(step + 1);
  });

  it('writes secrets in the base32 of RFC 4648', () => {
    const words = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((word) =>
      base32(new Uint8Array(Buffer.from(word))),
    );
    expect(words).toEqual(['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']);
    expect(otpauthUri(secret, 'a@b', 'Picket')).toBe(
      'otpauth://totp/Picket:a%40b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Picket',
    );
  });
});
