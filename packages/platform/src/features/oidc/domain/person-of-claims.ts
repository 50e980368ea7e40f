import { login as loginSchema } from '@picket/contracts/api/session';
import type { OidcOutcome } from '@picket/contracts/api/oidc';
import { err, ok, type Result } from '@picket/base/result';
import { z } from 'zod';

/** What the provider says of somebody, as far as it is looked at. */
export type Claims = Readonly<Record<string, unknown>>;

/** Which claims count, and of whom. */
export interface ClaimRules {
  readonly loginClaim: string;
  /** Lower case; none: any. */
  readonly mailDomains: readonly string[];
}

export interface ClaimedPerson {
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
}

const mail = z.email().max(254);

/** Whether more must be asked of the provider than the token says. */
export function lacksClaims(claims: Claims, { loginClaim, mailDomains }: ClaimRules): boolean {
  return claims[loginClaim] === undefined || (mailDomains.length > 0 && claims.email === undefined);
}

/**
 * Who somebody is here. A mail address counts only when the provider says that it is verified; one that it says is not
 * verified refuses, whether it is used or not.
 */
export function personOfClaims(claims: Claims, rules: ClaimRules): Result<ClaimedPerson, OidcOutcome> {
  const { email, email_verified: verified } = claims;
  const address = mail.safeParse(email).data ?? null;
  const needed = rules.loginClaim === 'email' || rules.mailDomains.length > 0;
  if (address !== null && (verified === false || (needed && verified !== true))) return err('mail-unverified');
  if (rules.mailDomains.length > 0) {
    const domain = address?.split('@').at(-1)?.toLowerCase() ?? '';
    if (!rules.mailDomains.includes(domain)) return err('mail-domain');
  }
  const login = loginSchema.safeParse(rules.loginClaim === 'email' ? address : claims[rules.loginClaim]);
  if (!login.success) return err('login-missing');
  const name = typeof claims.name === 'string' ? claims.name.trim().slice(0, 128) : '';
  return ok({ login: login.data, name: name === '' ? login.data : name, email: verified === true ? address : null });
}
