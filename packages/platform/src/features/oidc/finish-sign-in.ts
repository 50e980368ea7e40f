import { PicketError } from '@picket/base/error';
import { z } from 'zod';
import type { AccountMaker, Owner } from '../../server/account-maker.ts';
import { recordAudit } from '../../server/audit.ts';
import type { Origin } from '../../server/session-cookie.ts';
import { takeChallenge } from '../../server/sign-in-challenge.ts';
import { hashOfBrowser, redirectUri, statePurpose } from './begin-sign-in.ts';
import { type Claims, type ClaimedPerson, lacksClaims, personOfClaims } from './domain/person-of-claims.ts';
import { saysSeveralFactors } from './domain/several-factors.ts';
import { type OidcParts, OidcRefusal, providerClient, refusalOf } from './provider-client.ts';
import * as queries from './provider-queries.ts';
import { type SignOut, signOutOf } from './provider-sign-out.ts';

const begun = z.object({
  browser: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  issuer: z.string(),
  returnTo: z.string(),
  invitation: z.string(),
});
type Begun = z.output<typeof begun>;

/** What the browser brings back from the provider. */
export interface Return {
  readonly state: string | undefined;
  /** `?code=…`, as it came. */
  readonly search: string;
  /** The browser's own value; undefined: the cookie is not there. */
  readonly browser: string | undefined;
  readonly origin: Origin;
}

/** Who came back, and where they wanted to go. */
export interface Returned {
  readonly owner: Owner;
  readonly returnTo: string;
  /** Null: they are not signed out at the provider later. */
  readonly signOut: SignOut | null;
}

/** The same, before it is known whether that is enough. */
export interface CameBack extends Returned {
  /** The provider asked for several factors, and its word on that is taken. */
  readonly twoFactors: boolean;
}

/** Judges what the browser brought back; throws `OidcRefusal` for everything that is not right. */
export async function finishOidc(
  parts: OidcParts & { readonly accounts: AccountMaker },
  given: Return,
): Promise<CameBack> {
  const { context } = parts;
  const scope = { subscriptionId: context.subscriptionId };
  const was = await takeState(parts, given);
  const stored = await queries.readProvider(scope, context.database.db);
  if (!stored || stored.issuer !== was.issuer) throw new OidcRefusal('not-set-up');
  const { who, claims, signOut, twoFactors } = await redeem(parts, stored, was, given.search).catch(
    (error: unknown) => {
      throw refusalOf(error, 'answer-invalid');
    },
  );
  const person = personOfClaims(claims, { loginClaim: stored.login_claim, mailDomains: stored.mail_domains });
  if (!person.ok) throw new OidcRefusal(person.error);
  const owner = await ownerOf(parts, { stored, who, person: person.value, invitation: was.invitation }, given.origin);
  const account = await queries.findAccountById(owner, context.database.db);
  if (!account || account.disabled) throw new OidcRefusal('account-disabled', account?.login);
  return { owner, returnTo: was.returnTo, signOut, twoFactors };
}

/** The state is used up by looking at it, right or wrong. */
async function takeState({ context }: OidcParts, { state, browser }: Return): Promise<Begun> {
  const now = new Date(context.clock.now());
  const taken = state === undefined ? undefined : await takeChallenge(context.database.db, state, statePurpose, now);
  const parsed = begun.safeParse(taken?.payload);
  if (!parsed.success) throw new OidcRefusal('expired');
  if (browser === undefined || hashOfBrowser(browser) !== parsed.data.browser) throw new OidcRefusal('other-browser');
  return parsed.data;
}

/** Exchanges the code; the library checks issuer, state, signature, audience, times and nonce (OpenID Connect Core section 3.1.3.7). */
async function redeem(parts: OidcParts, stored: queries.StoredProvider, was: Begun, search: string) {
  const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client');
  const client = await providerClient(parts, stored);
  const url = new URL(redirectUri(parts.context) + search);
  const tokens = await authorizationCodeGrant(client, url, {
    pkceCodeVerifier: was.verifier,
    expectedNonce: was.nonce,
    expectedState: url.searchParams.get('state') ?? '',
    idTokenExpected: true,
  });
  const token = tokens.claims();
  if (!token || token.iss !== client.serverMetadata().issuer) throw new OidcRefusal('answer-invalid', 'issuer');
  const rules = { loginClaim: stored.login_claim, mailDomains: stored.mail_domains };
  let claims: Claims = token;
  if (lacksClaims(claims, rules) && client.serverMetadata().userinfo_endpoint !== undefined)
    claims = { ...(await fetchUserInfo(client, tokens.access_token, token.sub)), ...token };
  const signOut = await signOutOf(parts, stored, client, tokens.id_token);
  // Of the ID token alone: it is about this sign-in.
  const twoFactors = stored.second_factor_by_amr && saysSeveralFactors(token);
  return { who: { issuer: token.iss, subject: token.sub }, claims, signOut, twoFactors };
}

interface Proven {
  readonly stored: queries.StoredProvider;
  readonly who: queries.Subject;
  readonly person: ClaimedPerson;
  /** What is stored of an invitation's token; empty: none is accepted by this. */
  readonly invitation: string;
}

/** Whose account it is: the subject decides; without one that is bound, an invitation, the login if that is allowed, or a new Reader. */
async function ownerOf(
  parts: OidcParts & { readonly accounts: AccountMaker },
  proven: Proven,
  { address }: Origin,
): Promise<Owner> {
  const { context, accounts } = parts;
  const { db } = context.database;
  const scope = { subscriptionId: context.subscriptionId };
  const { stored, who, person, invitation } = proven;
  const bound = await queries.findBound(scope, db, who);
  if (bound) return bound;
  const alsoBind = async (trx: Parameters<typeof queries.bind>[0], owner: Owner) =>
    bindNew(parts, trx, { owner, who, login: person.login, address });
  if (invitation !== '') {
    return accounts.byInvitation(invitation, person, address, alsoBind).catch((error: unknown) => {
      throw invitationRefusal(error);
    });
  }
  const known = await queries.findAccountByLogin(scope, db, person.login);
  if (known) {
    if (!stored.link_by_login) throw new OidcRefusal('login-taken', known.login);
    if (known.disabled) throw new OidcRefusal('account-disabled', known.login);
    const owner = { ...scope, accountId: known.id };
    await context.database.transaction((trx) => alsoBind(trx, owner));
    return owner;
  }
  if (stored.unknown_people === 'refuse') throw new OidcRefusal('unknown-person');
  const made = await accounts.asReader(person, address, alsoBind);
  if (!made) throw new OidcRefusal('login-taken');
  return made;
}

async function bindNew(
  { context }: OidcParts,
  trx: Parameters<typeof queries.bind>[0],
  what: { readonly owner: Owner; readonly who: queries.Subject; readonly login: string; readonly address: string },
): Promise<void> {
  const { owner, who, login, address } = what;
  if (!(await queries.bind(trx, owner, who, new Date(context.clock.now()))))
    throw new OidcRefusal('login-taken', login);
  const actor = { subscriptionId: owner.subscriptionId, login };
  const detail = { issuer: who.issuer };
  await recordAudit(actor, trx, { action: 'oidc.link', subject: `account:${owner.accountId}`, detail, address });
}

function invitationRefusal(error: unknown): unknown {
  if (!(error instanceof PicketError)) return error;
  if (error.code === 'invitation.other-person') return new OidcRefusal('invitation-other', '', error);
  if (error.code === 'invitation.login-taken') return new OidcRefusal('login-taken', '', error);
  if (error.code === 'invitation.not-valid') return new OidcRefusal('invitation-invalid', '', error);
  return error;
}
