import { systemRandom } from '@picket/base/adapters/system';
import { describe, expect, it } from 'vitest';
import { hashPassword, oneTimePassword, verifyPassword } from './password.ts';

describe('passwords', () => {
  it('are hashed with argon2id under a salt of their own, and verified by that hash alone', async () => {
    const [first, second] = await Promise.all([
      hashPassword('secret', systemRandom),
      hashPassword('secret', systemRandom),
    ]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword('secret', first)).toBe(true);
    expect(await verifyPassword('Secret', first)).toBe(false);
  });

  it('are the same however their letters were composed', async () => {
    expect(await verifyPassword('e\u0301t\u00e9', await hashPassword('\u00e9te\u0301', systemRandom))).toBe(true);
  });

  it('verify a hash of another maker (vector of the reference implementation’s format)', async () => {
    // argon2 -id -t 2 -k 256 -p 1, made with the reference command: salt "somesalt", password "password".
    const vector = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await verifyPassword('password', vector)).toBe(true);
    expect(await verifyPassword('Password', vector)).toBe(false);
  });

  it('are never right for an unknown account or a broken hash', async () => {
    expect(await verifyPassword('', null)).toBe(false);
    expect(await verifyPassword('x', 'plain')).toBe(false);
    expect(await verifyPassword('x', '$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA')).toBe(false);
  });

  it('for one use differ each time and avoid letters that look alike', () => {
    const made = Array.from({ length: 50 }, () => oneTimePassword(systemRandom));
    expect(new Set(made).size).toBe(50);
    expect(made.join('')).not.toMatch(/[ilo01]/);
  });
});
