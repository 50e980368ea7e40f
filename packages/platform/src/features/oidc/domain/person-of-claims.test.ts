import { describe, expect, it } from 'vitest';
import { lacksClaims, personOfClaims } from './person-of-claims.ts';

const byMail = { loginClaim: 'email', mailDomains: [] };
const claims = { email: 'Gwen@example.org', email_verified: true, name: 'Gwen', preferred_username: 'gwen' };

describe('who somebody is by the claims of the provider', () => {
  it('is the login claim, with name and verified address', () => {
    expect(personOfClaims(claims, byMail)).toEqual({
      ok: true,
      value: { login: 'Gwen@example.org', name: 'Gwen', email: 'Gwen@example.org' },
    });
    const { email: _email, email_verified: _verified, ...without } = claims;
    expect(personOfClaims(without, { ...byMail, loginClaim: 'preferred_username' })).toEqual({
      ok: true,
      value: { login: 'gwen', name: 'Gwen', email: null },
    });
  });

  it('is nobody with an address that is not verified, in whichever way it says so', () => {
    for (const email_verified of [false, undefined, 'true', 1, null])
      expect(personOfClaims({ ...claims, email_verified }, byMail)).toEqual({ ok: false, error: 'mail-unverified' });
    const byName = { ...byMail, loginClaim: 'preferred_username' };
    expect(personOfClaims({ ...claims, email_verified: false }, byName).ok).toBe(false);
    expect(personOfClaims({ ...claims, email_verified: undefined }, byName)).toMatchObject({ value: { email: null } });
    const inDomain = { ...byName, mailDomains: ['example.org'] };
    expect(personOfClaims({ ...claims, email_verified: undefined }, inDomain).ok).toBe(false);
  });

  it('is nobody outside the allowed domains, whatever the address looks like', () => {
    const rules = { ...byMail, mailDomains: ['example.org'] };
    expect(personOfClaims(claims, rules).ok).toBe(true);
    for (const email of ['gwen@evil.example', 'gwen@example.org.evil.example', 'gwen@sub.example.org', 'example.org'])
      expect([email, personOfClaims({ ...claims, email }, rules)]).toEqual([
        email,
        { ok: false, error: 'mail-domain' },
      ]);
    expect(personOfClaims({ preferred_username: 'gwen' }, { ...rules, loginClaim: 'preferred_username' }).ok).toBe(
      false,
    );
  });

  it('is nobody by what is no mail address', () => {
    for (const email of ['example.org', 'gwen', '@example.org', 'a@b@example.org', 7])
      expect([email, personOfClaims({ ...claims, email }, byMail)]).toEqual([
        email,
        { ok: false, error: 'login-missing' },
      ]);
  });

  it('is nobody without a login that the platform can write', () => {
    for (const value of [undefined, '', 'a b', 7, 'x'.repeat(65), 'gwen\u202e'])
      expect(personOfClaims({ login: value }, { ...byMail, loginClaim: 'login' })).toEqual({
        ok: false,
        error: 'login-missing',
      });
  });

  it('asks for more where the token does not say enough', () => {
    expect(lacksClaims({ sub: '1' }, byMail)).toBe(true);
    expect(lacksClaims(claims, byMail)).toBe(false);
    const rules = { loginClaim: 'preferred_username', mailDomains: ['example.org'] };
    expect(lacksClaims({ preferred_username: 'gwen' }, rules)).toBe(true);
  });
});
