import { describeError } from '@picket/base/error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from 'openid-client';
import { z } from 'zod';
import type { Owner } from '../../server/account-maker.ts';
import type { SessionIdentity } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { ownOrigin } from '../../server/own-origin.ts';
import type { ProviderSignOut } from '../../server/provider-sign-out.ts';
import type { OidcParts } from './provider-client.ts';
import { readProvider, storeSignOut, type StoredProvider, takeSignOut } from './provider-queries.ts';

/** Servers must take request lines of 8,000 octets (RFC 9112 section 3); a token that does not fit is left out. */
const longestUrl = 7500;

/** Lax, because the provider's page sends the browser back to us. */
const cookie = '__Host-picket-oidc-out';
const cookieOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: 600 } as const;

/** Whose session it is at the provider, and the address that ends it. */
const signOut = z.object({ issuer: z.string(), clientId: z.string(), url: z.string() });
export type SignOut = z.output<typeof signOut>;

/** Where the provider sends people back to after it signed them out. */
export function signedOutUri(context: Pick<PlatformContext, 'keys'>): string {
  return `${ownOrigin(context.keys)}/api/v1/session/oidc/signed-out`;
}

/**
 * The address that ends the session at the provider (OpenID Connect RP-Initiated Logout 1.0, section 2), but for the state. Made at the
 * sign-in, when the metadata are at hand. Null: nobody wants it, or the provider has none.
 */
export async function signOutOf(
  { context }: OidcParts,
  stored: StoredProvider,
  client: Configuration,
  idToken: string | undefined,
): Promise<SignOut | null> {
  if (!stored.logout_at_provider || client.serverMetadata().end_session_endpoint === undefined) return null;
  const { buildEndSessionUrl } = await import('openid-client');
  const back = { post_logout_redirect_uri: signedOutUri(context) };
  try {
    // Tells the provider whose session it is, and that it was really begun by us: without it people are asked.
    const whole = idToken === undefined ? null : buildEndSessionUrl(client, { ...back, id_token_hint: idToken }).href;
    const url = whole !== null && whole.length <= longestUrl ? whole : buildEndSessionUrl(client, back).href;
    return { issuer: stored.issuer, clientId: stored.client_id, url };
  } catch (error) {
    // No address, or one in clear text: the sign-in is good all the same.
    context.log.write('warning', 'oidc.sign-out-address', { message: describeError(error) });
    return null;
  }
}

/** It holds a token with claims of a person: only the platform's key opens it, and only for this account. */
export function sealSignOut({ box }: OidcParts, owner: Owner, what: SignOut): Uint8Array {
  return box.seal(JSON.stringify(what), placeOf(owner));
}

export function openSignOut({ box }: OidcParts, owner: Owner, sealed: Uint8Array): SignOut {
  return signOut.parse(JSON.parse(box.open(sealed, placeOf(owner)).reveal()));
}

/** Keeps it for as long as the session lasts. */
export async function keepSignOut(parts: OidcParts, session: SessionIdentity, what: SignOut | null): Promise<void> {
  if (what === null) return;
  const { scope, tokenHash } = session;
  await storeSignOut(scope, parts.context.database.db, tokenHash, sealSignOut(parts, scope, what));
}

/** Gives the address, with a state that only this browser has; null once a Manager decided otherwise, or has another provider. */
export function providerSignOut(parts: OidcParts): ProviderSignOut {
  const { context } = parts;
  return async ({ scope, tokenHash }, reply) => {
    try {
      const { db } = context.database;
      const sealed = await takeSignOut(scope, db, tokenHash);
      const stored = sealed === null ? null : await readProvider(scope, db);
      if (sealed === null || !stored?.logout_at_provider) return null;
      const { issuer, clientId, url } = openSignOut(parts, scope, sealed);
      if (issuer !== stored.issuer || clientId !== stored.client_id) return null;
      const state = Buffer.from(context.random.bytes(32)).toString('base64url');
      const address = new URL(url);
      address.searchParams.set('state', state);
      reply.setCookie(cookie, state, cookieOptions);
      return address.href;
    } catch (error) {
      context.log.write('warning', 'oidc.sign-out-failed', { message: describeError(error) });
      return null;
    }
  };
}

/** Whether the browser comes back from a sign-out that it began. Asked once. */
export function isBackFromSignOut(request: FastifyRequest, reply: FastifyReply, state: string | undefined): boolean {
  const known = request.cookies[cookie];
  reply.clearCookie(cookie, cookieOptions);
  return state !== undefined && known === state;
}

function placeOf({ subscriptionId, accountId }: Owner): string {
  return `oidc-session:${subscriptionId}:${accountId}`;
}
