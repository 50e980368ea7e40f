import { z } from 'zod';

const methods = z.array(z.string());

/**
 * Whether an ID token says that its sign-in took several factors: `amr` (OpenID Connect Core section 2) with the registered value `mfa`
 * (RFC 8176 section 2). Names of single methods are not added up: what two of them prove is the provider's to know.
 */
export function saysSeveralFactors(claims: Readonly<Record<string, unknown>>): boolean {
  const amr = methods.safeParse(claims.amr);
  return amr.success && amr.data.includes('mfa');
}
