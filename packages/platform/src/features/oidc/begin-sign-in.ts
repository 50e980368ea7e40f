import { createHash } from 'node:crypto';
import type { beginOidcRequest } from '@picket/contracts/api/oidc';
import type { z } from 'zod';
import type { AccountMaker } from '../../server/account-maker.ts';
import { refuse } from '../../server/http-error.ts';
import { ownOrigin } from '../../server/own-origin.ts';
import type { PlatformContext } from '../../server/context.ts';
import { takeAttempt } from '../../server/rate-limit.ts';
import { storeChallenge } from '../../server/sign-in-challenge.ts';
import { ownPath } from './domain/own-path.ts';
import { type OidcParts, providerClient, refusalOf } from './provider-client.ts';
import { readProvider } from './provider-queries.ts';

/** Somebody has so long to come back from the provider, milliseconds. */
export const returnMs = 600_000;
/** Purpose of the state in the table of challenges. */
export const statePurpose = 'oidc.sign-in';
/** Sign-ins begun from one address in 15 minutes. */
const perAddress = { name: 'oidc:address', limit: 100, windowSeconds: 900 };

/** Where the provider sends people back to. */
export function redirectUri(context: Pick<PlatformContext, 'keys'>): string {
  return `${ownOrigin(context.keys)}/api/v1/session/oidc/callback`;
}

/** What the state of a sign-in is bound to: the browser that began it. */
export function hashOfBrowser(browser: string): string {
  return createHash('sha256').update(`picket oidc browser ${browser}`).digest('base64url');
}

/** A browser's own value: one that it has stays, so that two tabs do not end each other's sign-in. */
export function browserValue(context: PlatformContext, present: string | undefined): string {
  if (present !== undefined && /^[\w-]{43}$/.test(present)) return present;
  return Buffer.from(context.random.bytes(32)).toString('base64url');
}

/**
 * The provider's address to go to, with state, nonce and PKCE (RFC 7636) of this sign-in alone. They are kept here and not in the
 * browser, under the hash of the state, to be used once by whichever replica the browser comes back to.
 */
export async function beginOidc(
  parts: OidcParts & { readonly accounts: AccountMaker },
  request: z.output<typeof beginOidcRequest>,
  from: { readonly browser: string; readonly address: string },
): Promise<string> {
  const { context, accounts } = parts;
  const { database, clock, random, subscriptionId } = context;
  await takeAttempt(database.db, clock, { ...perAddress, subject: from.address });
  const stored = await readProvider({ subscriptionId }, database.db);
  if (!stored) throw notSetUp();
  const invitation =
    request.invitation === undefined ? '' : await accounts.invitationOf(request.invitation, from.address);
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
  const client = await providerClient(parts, stored).catch((error: unknown) => {
    throw unreachable(stored.name, refusalOf(error, 'provider-down').message);
  });
  const fresh = () => Buffer.from(random.bytes(32)).toString('base64url');
  const [state, nonce, verifier] = [fresh(), fresh(), fresh()];
  const now = clock.now();
  const challenge = {
    purpose: statePurpose,
    subscriptionId,
    accountId: null,
    payload: {
      browser: hashOfBrowser(from.browser),
      nonce,
      verifier,
      issuer: stored.issuer,
      returnTo: ownPath(request.returnTo),
      invitation,
    },
    expiresAt: new Date(now + returnMs),
  };
  await storeChallenge(database.db, state, challenge, new Date(now));
  return buildAuthorizationUrl(client, {
    redirect_uri: redirectUri(context),
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).href;
}

function notSetUp() {
  return refuse({
    status: 409,
    code: 'oidc.not-set-up',
    message: 'No identity provider is set up.',
    hint: 'Sign in with your password.',
  });
}

function unreachable(name: string, cause: string) {
  return refuse({
    status: 409,
    code: 'oidc.provider-unreachable',
    message: `${name} does not answer as an identity provider does.`,
    hint: 'Try again later. A Manager can sign in with a password and test the provider under Settings > Security.',
    cause,
  });
}
