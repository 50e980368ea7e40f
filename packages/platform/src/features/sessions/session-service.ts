import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { changePasswordRequest, signInRequest } from '@picket/contracts/api/session';
import type { SecurityPolicy } from '@picket/contracts/api/sign-in';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import { readSight } from '../../server/access/read-sight.ts';
import type { SessionIdentity } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { endSessions } from '../../server/end-access.ts';
import { hashPassword, needsRehash, verifyPassword } from '../../server/password.ts';
import { containsLogin } from '../../server/password-rules.ts';
import { clearAttempts, dropOldWindows, takeAttempt } from '../../server/rate-limit.ts';
import { requirePasswordSignIn } from '../../server/sign-in-methods.ts';
import type { SecondFactor } from '../../server/second-factor.ts';
import type { FreshSession, Origin } from '../../server/session-cookie.ts';
import { policyOf, readPolicy } from '../../server/security-policy.ts';
import * as queries from './session-queries.ts';
import { type Attempted, dropOldGuards, signInSucceeded, signInUndecided, takeSignIn } from './sign-in-guard.ts';
import { currentTerms } from './terms.ts';

/** `last_used_at` is written at most this often. */
const touchEveryMs = 60_000;

/** Attempts in a window of 15 minutes. An address may be a whole office; `sign-in-guard.ts` counts the failures of a login. */
const attemptWindowSeconds = 900;
const attemptsPerAccount = 10;
const attemptsPerAddress = 50;

export interface SessionService {
  authenticate(token: string): Promise<SessionIdentity | null>;
  signIn(request: z.output<typeof signInRequest>, origin: Origin): Promise<FreshSession>;
  /** Signs in somebody who proved who they are without a password. */
  begin(
    owner: Pick<AccessScope, 'subscriptionId' | 'accountId'>,
    how: { readonly method: string; readonly origin: Origin },
  ): Promise<FreshSession>;
  signOut(identity: SessionIdentity, origin: Origin): Promise<void>;
  /** Ends every session of the account and begins a new one. */
  changePassword(
    identity: SessionIdentity,
    request: z.output<typeof changePasswordRequest>,
    origin: Origin,
  ): Promise<FreshSession>;
  acceptTerms(scope: AccessScope, version: string, origin: Origin): Promise<void>;
}

export function sessionService(context: PlatformContext, factor: SecondFactor): SessionService {
  return {
    authenticate: (token) => authenticate(context, token),
    signIn: (request, origin) => signIn({ context, factor }, request, origin),
    begin: (owner, how) => beginProven(context, owner, how),
    signOut: async ({ scope, tokenHash }, origin) => {
      await queries.deleteSession(scope, context.database.db, tokenHash);
      await recordAudit(scope, context.database.db, {
        action: 'session.sign-out',
        subject: `account:${scope.accountId}`,
        address: origin.address,
      });
      await announce(context.database, context.database.db, { sessions: true });
    },
    changePassword: (identity, request, origin) => changePassword(context, identity, request, origin),
    acceptTerms: (scope, version, origin) => acceptTerms(context, scope, version, origin),
  };
}

function hashToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

async function authenticate(context: PlatformContext, token: string): Promise<SessionIdentity | null> {
  const { db } = context.database;
  const tokenHash = hashToken(token);
  const now = context.clock.now();
  const session = await queries.findSession(db, tokenHash, new Date(now));
  if (!session) return null;
  // The limits in force count, also for sessions that began before they were changed.
  const policy = policyOf(session.policy);
  const unused = now - session.lastUsedAt.getTime();
  if (unused >= policy.idleMinutes * 60_000) return null;
  if (now - session.createdAt.getTime() >= policy.absoluteHours * 3_600_000) return null;
  if (unused > touchEveryMs) await queries.touchSession(db, tokenHash, new Date(now));
  return identityOf(context, session, { csrfToken: session.csrfToken, tokenHash, method: session.method, policy });
}

interface SessionFacts {
  readonly csrfToken: string;
  readonly tokenHash: Uint8Array;
  readonly method: string;
  readonly policy: SecurityPolicy;
}

async function identityOf(
  context: PlatformContext,
  account: queries.SignInAccount,
  session: SessionFacts,
): Promise<SessionIdentity> {
  return {
    scope: {
      subscriptionId: account.subscriptionId,
      accountId: account.id,
      role: account.role,
      login: account.login,
      unitId: account.unitId,
      sight: await readSight(account, context.database.db),
    },
    tokenScope: null,
    csrfToken: session.csrfToken,
    tokenHash: session.tokenHash,
    passwordChangeNeeded: account.passwordChangeNeeded,
    termsAccepted: account.termsVersion === currentTerms.version,
    secondFactorNeeded: session.policy.requireSecondFactor && !isTwoFactors(session),
  };
}

/** A password alone is one; signing in by the provider is, unless a Manager says that it asks for two. */
function isTwoFactors({ method, policy }: SessionFacts): boolean {
  if (method === 'oidc') return policy.oidcCountsAsSecondFactor;
  return method !== 'password';
}

async function signIn(
  { context, factor }: { readonly context: PlatformContext; readonly factor: SecondFactor },
  request: z.output<typeof signInRequest>,
  origin: Origin,
): Promise<FreshSession> {
  const { database, clock } = context;
  const attempted = { login: request.login.trim(), address: origin.address };
  await takeAttempt(database.db, clock, {
    windowSeconds: attemptWindowSeconds,
    name: 'sign-in:address',
    subject: origin.address,
    limit: attemptsPerAddress,
  });
  const waits = await takeSignIn(context, attempted);
  const account = await queries.findByLogin(database.db, attempted.login);
  const right = await verifyPassword(request.password, account?.passwordHash ?? null);
  const expired = (account?.passwordExpiresAt?.getTime() ?? Number.POSITIVE_INFINITY) <= clock.now();
  if (!account || !right || account.disabled || expired) {
    await auditFailure(context, account, origin, waits);
    throw refuse({
      status: 401,
      code: 'session.sign-in-failed',
      message: 'The login or the password is wrong, or the account is disabled.',
      hint: 'Check both. A one-time password works for a limited time; a Manager can make a new one.',
    });
  }
  await requirePasswordSignIn(account, database.db).catch(async (refusal: unknown) => {
    await signInUndecided(database.db, attempted);
    throw refusal;
  });
  const method = await judgeCode({ context, factor }, account, request.code, { ...origin, attempted, waits });
  const rehashed = needsRehash(account.passwordHash) ? await hashPassword(request.password, context.random) : null;
  const fresh = await beginSession(context, account, { ...origin, method }, async (scope, trx) => {
    if (rehashed !== null) await queries.replaceHash(scope, trx, rehashed);
    await queries.recordSignIn(scope, trx, new Date(clock.now()));
    await signInSucceeded(context, trx, attempted);
    await recordAudit(scope, trx, {
      action: 'session.sign-in',
      subject: `account:${account.id}`,
      address: origin.address,
    });
  });
  await dropOld(context);
  return fresh;
}

/** How the session is begun, once the password was right. Without the code that is needed, nothing is counted as a failure. */
async function judgeCode(
  { context, factor }: { readonly context: PlatformContext; readonly factor: SecondFactor },
  account: queries.SignInAccount,
  code: string | undefined,
  origin: Origin & { readonly attempted: Attempted; readonly waits: number },
): Promise<string> {
  const { db } = context.database;
  const owner = { subscriptionId: account.subscriptionId, accountId: account.id };
  if (!(await factor.needed(owner))) return 'password';
  if (code === undefined || code === '') {
    await signInUndecided(db, origin.attempted);
    throw refuse({
      status: 401,
      code: 'session.code-needed',
      message: 'This account also needs the code of its authenticator app.',
      hint: 'Type the six digits that the app shows, or one of the recovery codes.',
    });
  }
  const used = await factor.take(owner, db, code);
  if (used !== null) return `password+${used}`;
  await auditFailure(context, account, origin, origin.waits);
  throw refuse({
    status: 401,
    code: 'session.code-wrong',
    message: 'The code is wrong, too old, or was used before.',
    hint: 'Wait for the next code of the app, or use a recovery code. A Manager can remove a lost second factor.',
    errors: [{ field: 'code', message: 'is not the code of this moment' }],
  });
}

/** Clears what ended and what counts nothing any more. */
async function dropOld(context: PlatformContext): Promise<void> {
  const { database, clock } = context;
  const policy = await readPolicy({ subscriptionId: context.subscriptionId }, database.db);
  const now = clock.now();
  await queries.deleteEndedSessions(database.db, {
    now: new Date(now),
    usedAfter: new Date(now - policy.idleMinutes * 60_000),
  });
  await dropOldWindows(database.db, clock);
  await dropOldGuards(database.db, now);
}

/** An unknown login is written down as well, without its text: it may be a password in the wrong field. */
async function auditFailure(
  context: PlatformContext,
  account: queries.SignInAccount | undefined,
  origin: Origin,
  waits: number,
): Promise<void> {
  const actor = {
    subscriptionId: account?.subscriptionId ?? context.subscriptionId,
    login: account?.login ?? 'unknown',
  };
  await recordAudit(actor, context.database.db, {
    action: 'session.sign-in-failed',
    subject: account ? `account:${account.id}` : 'account:unknown',
    detail: waits > 0 ? { lockedSeconds: waits } : {},
    address: origin.address,
  });
}

async function beginProven(
  context: PlatformContext,
  owner: Pick<AccessScope, 'subscriptionId' | 'accountId'>,
  how: { readonly method: string; readonly origin: Origin },
): Promise<FreshSession> {
  const { database, clock } = context;
  const account = await queries.findAccount(owner, database.db);
  if (!account || account.disabled) {
    throw refuse({
      status: 401,
      code: 'session.account-disabled',
      message: 'The account is disabled.',
      hint: 'Ask a Manager to enable it.',
    });
  }
  const fresh = await beginSession(context, account, { ...how.origin, method: how.method }, async (scope, trx) => {
    await queries.recordSignIn(scope, trx, new Date(clock.now()));
    await recordAudit(scope, trx, {
      action: 'session.sign-in',
      subject: `account:${account.id}`,
      detail: { method: how.method },
      address: how.origin.address,
    });
  });
  await dropOld(context);
  return fresh;
}

async function beginSession(
  context: PlatformContext,
  account: queries.SignInAccount,
  origin: Origin & { readonly method: string },
  also: (scope: AccessScope, trx: Parameters<typeof queries.insertSession>[1]) => Promise<void>,
): Promise<FreshSession> {
  const token = Buffer.from(context.random.bytes(32)).toString('base64url');
  const csrfToken = Buffer.from(context.random.bytes(32)).toString('base64url');
  const now = context.clock.now();
  const policy = await readPolicy(account, context.database.db);
  const { absoluteHours } = policy;
  const identity = await identityOf(context, account, {
    csrfToken,
    tokenHash: hashToken(token),
    method: origin.method,
    policy,
  });
  await context.database.transaction(async (trx) => {
    await also(identity.scope, trx);
    await queries.insertSession(identity.scope, trx, {
      tokenHash: identity.tokenHash,
      csrfToken,
      now: new Date(now),
      expiresAt: new Date(now + absoluteHours * 3_600_000),
      address: origin.address,
      userAgent: origin.userAgent?.slice(0, 256) ?? null,
      method: origin.method,
    });
  });
  return { token, identity, maxAgeSeconds: absoluteHours * 3600 };
}

async function changePassword(
  context: PlatformContext,
  { scope, tokenHash }: SessionIdentity,
  request: z.output<typeof changePasswordRequest>,
  origin: Origin,
): Promise<FreshSession> {
  const { database, clock } = context;
  const attempts = { name: 'change-password', subject: String(scope.accountId) };
  await takeAttempt(database.db, clock, {
    ...attempts,
    limit: attemptsPerAccount,
    windowSeconds: attemptWindowSeconds,
  });
  const account = await queries.findAccount(scope, database.db);
  if (!account || !(await verifyPassword(request.current, account.passwordHash))) {
    throw passwordRefused('session.password-wrong', 'current', 'is not the current password');
  }
  if (request.current === request.next)
    throw passwordRefused('session.password-same', 'next', 'is the current password');
  if (containsLogin(request.next, account.login)) {
    throw passwordRefused('session.password-weak', 'next', 'contains the login');
  }
  const hash = await hashPassword(request.next, context.random);
  // The new session is as well proven as the one that asked for it.
  const method = (await queries.findMethod(database.db, tokenHash)) ?? 'password';
  const fresh = await beginSession(
    context,
    { ...account, passwordChangeNeeded: false },
    { ...origin, method },
    async (_scope, trx) => {
      await queries.storePassword(scope, trx, hash);
      await endSessions(database, trx, scope);
      await recordAudit(scope, trx, {
        action: 'account.password-change',
        subject: `account:${scope.accountId}`,
        address: origin.address,
      });
    },
  );
  await clearAttempts(database.db, attempts);
  return fresh;
}

function passwordRefused(code: string, field: string, message: string) {
  return refuse({
    status: 400,
    code,
    message: 'The password was not changed.',
    hint: 'Mend the named field and try again.',
    errors: [{ field, message }],
  });
}

async function acceptTerms(
  context: PlatformContext,
  scope: AccessScope,
  version: string,
  origin: Origin,
): Promise<void> {
  if (version !== currentTerms.version) {
    throw refuse({
      status: 409,
      code: 'session.terms-version',
      message: `The terms have changed: the current version is ${currentTerms.version}.`,
      hint: 'Read the current terms and accept those.',
    });
  }
  await context.database.transaction(async (trx) => {
    await queries.storeTerms(scope, trx, version, new Date(context.clock.now()));
    await recordAudit(scope, trx, {
      action: 'account.terms-accept',
      subject: `account:${scope.accountId}`,
      detail: { version },
      address: origin.address,
    });
  });
}
