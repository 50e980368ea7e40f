import { z } from 'zod';
import type { Owner } from '../../server/account-maker.ts';
import { recordAudit } from '../../server/audit.ts';
import { refuse } from '../../server/http-error.ts';
import type { PlatformContext } from '../../server/context.ts';
import { clearAttempts, takeAttempt } from '../../server/rate-limit.ts';
import type { SecondFactor } from '../../server/second-factor.ts';
import { readPolicy } from '../../server/security-policy.ts';
import { storeChallenge, takeChallenge } from '../../server/sign-in-challenge.ts';
import type { Returned } from './finish-sign-in.ts';
import type { OidcParts } from './provider-client.ts';
import { findAccountById } from './provider-queries.ts';
import { openSignOut, sealSignOut, type SignOut } from './provider-sign-out.ts';

const purpose = 'oidc.code';
/** Somebody has so long to type the code, milliseconds. */
export const codeMs = 600_000;
/** Codes tried for an account in 15 minutes. */
const attempts = { limit: 10, windowSeconds: 900 };

export interface SecondStep extends OidcParts {
  readonly factor: SecondFactor;
}

/** Whether the account still has to give the code of its app: the provider's word alone is one factor, unless a Manager says otherwise. */
export async function needsCode({ context, factor }: SecondStep, owner: Owner): Promise<boolean> {
  const policy = await readPolicy(owner, context.database.db);
  return !policy.oidcCountsAsSecondFactor && (await factor.needed(owner));
}

/** Remembers that the provider vouched for somebody who still has to give a code; returns what their browser keeps. */
export async function awaitCode(
  parts: SecondStep,
  owner: Owner,
  next: { readonly returnTo: string; readonly signOut: SignOut | null },
): Promise<string> {
  const { context } = parts;
  const signOut = next.signOut && Buffer.from(sealSignOut(parts, owner, next.signOut)).toString('base64url');
  const ticket = Buffer.from(context.random.bytes(32)).toString('base64url');
  const ends = context.clock.now() + codeMs;
  await remember(context, ticket, { owner, returnTo: next.returnTo, signOut: signOut ?? '', ends });
  return ticket;
}

interface Waiting {
  readonly owner: Owner;
  readonly returnTo: string;
  /** Sealed, base64url; empty: none. */
  readonly signOut: string;
  readonly ends: number;
}

async function remember(
  context: PlatformContext,
  ticket: string,
  { owner, returnTo, signOut, ends }: Waiting,
): Promise<void> {
  const payload = { returnTo, signOut, ends: String(ends) };
  const challenge = { purpose, ...owner, payload, expiresAt: new Date(ends) };
  await storeChallenge(context.database.db, ticket, challenge, new Date(context.clock.now()));
}

/** The code of somebody whom the provider vouched for. A wrong one may be tried again until the time is over. */
export async function takeCode(
  parts: SecondStep,
  given: { readonly ticket: string | undefined; readonly code: string; readonly address: string },
): Promise<Returned & { readonly method: string }> {
  const { context, factor } = parts;
  const { database, clock, subscriptionId } = context;
  const now = new Date(clock.now());
  const taken = given.ticket === undefined ? undefined : await takeChallenge(database.db, given.ticket, purpose, now);
  if (!taken?.accountId || given.ticket === undefined) throw tooLate();
  const payload = z.object({ returnTo: z.string(), signOut: z.string(), ends: z.coerce.number() }).parse(taken.payload);
  const owner = { subscriptionId, accountId: taken.accountId };
  const waiting = { owner, ...payload };
  const counted = { name: 'oidc:code', subject: `${subscriptionId}:${owner.accountId}` };
  await takeAttempt(database.db, clock, { ...counted, ...attempts }).catch(async (refusal: unknown) => {
    await remember(context, given.ticket ?? '', waiting);
    throw refusal;
  });
  const used = await factor.take(owner, database.db, given.code);
  if (used !== null) {
    await clearAttempts(database.db, counted);
    const { returnTo, signOut } = payload;
    const method = used === 'code' ? 'oidc+code' : 'oidc+recovery';
    const sealed = new Uint8Array(Buffer.from(signOut, 'base64url'));
    return { owner, returnTo, signOut: signOut === '' ? null : openSignOut(parts, owner, sealed), method };
  }
  await remember(context, given.ticket, waiting);
  const account = await findAccountById(owner, database.db);
  await recordAudit({ subscriptionId, login: account?.login ?? 'unknown' }, database.db, {
    action: 'session.sign-in-failed',
    subject: `account:${owner.accountId}`,
    detail: { method: 'oidc' },
    address: given.address,
  });
  throw refuse({
    status: 401,
    code: 'session.code-wrong',
    message: 'The code is wrong, too old, or was used before.',
    hint: 'Wait for the next code of the app, or use a recovery code. A Manager can remove a lost second factor.',
    errors: [{ field: 'code', message: 'is not the code of this moment' }],
  });
}

function tooLate() {
  return refuse({
    status: 401,
    code: 'oidc.code-too-late',
    message: 'This sign-in took too long, or was begun in another browser.',
    hint: 'Begin again with the identity provider.',
  });
}
