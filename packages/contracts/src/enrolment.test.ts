import { describe, expect, it } from 'vitest';
import { formatEnrolment, parseEnrolment } from './enrolment.ts';

const caSha256 = 'ab'.repeat(32);

describe('enrolment string', () => {
  it('reads what it writes, with and without a fingerprint', () => {
    for (const target of [
      { url: 'https://platform.test:8443', caSha256 },
      { url: 'https://[fd00::1]:8443', caSha256: null },
    ]) {
      expect(parseEnrolment(formatEnrolment(target))).toEqual({ ok: true, value: target });
    }
  });

  it('takes colons and capitals in the fingerprint, a slash and a file with more lines', () => {
    const colons = caSha256.toUpperCase().replace(/(..)(?!$)/g, '$1:');
    expect(parseEnrolment(`https://p.test/#ca=sha256:${colons}\nmore\n`)).toEqual({
      ok: true,
      value: { url: 'https://p.test', caSha256 },
    });
  });

  it.each([
    ['http://p.test', 'must look like https'],
    ['https://p.test:99999', 'outside 1 to 65535'],
    [`https://p.test#ca=sha256:${'a'.repeat(63)}`, '63 hex digits'],
    ['https://user:pass@p.test', 'must look like'],
    ['', 'must look like'],
  ])('refuses "%s" and says why', (text, reason) => {
    expect(parseEnrolment(text)).toEqual({ ok: false, error: expect.stringContaining(reason) });
  });
});
