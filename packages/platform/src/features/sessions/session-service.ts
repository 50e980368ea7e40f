import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { changePasswordRequest, signInRequest } from '@picket/contracts/api/session';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { SessionIdentity } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { hashPassword, verifyPassword } from '../../server/password.ts';
import { clearAttempts, dropOldWindows, takeAttempt } from '../../server/rate-limit.ts';
import * as queries from './session-queries.ts';
import { currentTerms } from './terms.ts';

/** A session ends after so long without a request, and in any case so long after signing in; milliseconds. */
export const idleLimitMs = 8 * 3_600_000;
export const absoluteLimitMs = 7 * 86_400_000;
/** `last_used_at` is written at most this often. */
const touchEveryMs = 60_000;

/** Attempts in a window of 15 minutes. A login's limit is low; an address may be a whole office. */
const attemptWindowSeconds = 900;
const attemptsPerLogin = 10;
const attemptsPerAddress = 50;

/** Where a request came from, for the session list and the audit log. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | null;
}

/** A session just made: the token goes into the cookie and nowhere else. */
export interface FreshSession {
  readonly token: string;
  readonly identity: SessionIdentity;
}

export interface SessionService {
  authenticate(token: string): Promise<SessionIdentity | null>;
  signIn(request: z.output<typeof signInRequest>, origin: Origin): Promise<FreshSession>;
  signOut(identity: SessionIdentity, origin: Origin): Promise<void>;
  /** Ends every session of the account and begins a new one. */
  changePassword(
    scope: AccessScope,
    request: z.output<typeof changePasswordRequest>,
    origin: Origin,
  ): Promise<FreshSession>;
  acceptTerms(scope: AccessScope, version: string, origin: Origin): Promise<void>;
}

export function sessionService(context: PlatformContext): SessionService {
  return {
    authenticate: (token) => authenticate(context, token),
    signIn: (request, origin) => signIn(context, request, origin),
    signOut: async ({ scope, tokenHash }, origin) => {
      await queries.deleteSession(scope, context.database.db, tokenHash);
      await recordAudit(scope, context.database.db, {
        action: 'session.sign-out',
        subject: `account:${scope.accountId}`,
        address: origin.address,
      });
      await announce(context.database, context.database.db, { sessions: true });
    },
    changePassword: (scope, request, origin) => changePassword(context, scope, request, origin),
    acceptTerms: (scope, version, origin) => acceptTerms(context, scope, version, origin),
  };
}

function hashToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

function limitsAt(context: PlatformContext) {
  const now = context.clock.now();
  return { now: new Date(now), usedAfter: new Date(now - idleLimitMs) };
}

async function authenticate(context: PlatformContext, token: string): Promise<SessionIdentity | null> {
  const { db } = context.database;
  const tokenHash = hashToken(token);
  const limits = limitsAt(context);
  const session = await queries.findSession(db, tokenHash, limits);
  if (!session) return null;
  if (limits.now.getTime() - session.lastUsedAt.getTime() > touchEveryMs) {
    await queries.touchSession(db, tokenHash, limits.now);
  }
  return identityOf(session, session.csrfToken, tokenHash);
}

function identityOf(account: queries.SignInAccount, csrfToken: string, tokenHash: Uint8Array): SessionIdentity {
  return {
    scope: {
      subscriptionId: account.subscriptionId,
      accountId: account.id,
      role: account.role,
      login: account.login,
    },
    csrfToken,
    tokenHash,
    passwordChangeNeeded: account.passwordChangeNeeded,
    termsAccepted: account.termsVersion === currentTerms.version,
  };
}

async function signIn(
  context: PlatformContext,
  request: z.output<typeof signInRequest>,
  origin: Origin,
): Promise<FreshSession> {
  const { database, clock } = context;
  const limit = { windowSeconds: attemptWindowSeconds };
  const byLogin = { name: 'sign-in:login', subject: request.login.trim().toLowerCase() };
  await takeAttempt(database.db, clock, {
    ...limit,
    name: 'sign-in:address',
    subject: origin.address,
    limit: attemptsPerAddress,
  });
  await takeAttempt(database.db, clock, { ...limit, ...byLogin, limit: attemptsPerLogin });
  const account = await queries.findByLogin(database.db, request.login.trim());
  const right = await verifyPassword(request.password, account?.passwordHash ?? null);
  const expired = (account?.passwordExpiresAt?.getTime() ?? Number.POSITIVE_INFINITY) <= clock.now();
  if (!account || !right || account.disabled || expired) {
    if (account) await auditFailure(context, account, origin);
    throw refuse({
      status: 401,
      code: 'session.sign-in-failed',
      message: 'The login or the password is wrong, or the account is disabled.',
      hint: 'Check both. A one-time password works for a limited time; a Manager can make a new one.',
    });
  }
  const fresh = await beginSession(context, account, origin, async (scope, trx) => {
    await queries.recordSignIn(scope, trx, new Date(clock.now()));
    await recordAudit(scope, trx, {
      action: 'session.sign-in',
      subject: `account:${account.id}`,
      address: origin.address,
    });
    await queries.deleteEndedSessions(trx, limitsAt(context));
  });
  await clearAttempts(database.db, byLogin);
  await dropOldWindows(database.db, clock);
  return fresh;
}

async function auditFailure(context: PlatformContext, account: queries.SignInAccount, origin: Origin): Promise<void> {
  const actor = { subscriptionId: account.subscriptionId, login: account.login };
  await recordAudit(actor, context.database.db, {
    action: 'session.sign-in-failed',
    subject: `account:${account.id}`,
    address: origin.address,
  });
}

async function beginSession(
  context: PlatformContext,
  account: queries.SignInAccount,
  origin: Origin,
  also: (scope: AccessScope, trx: Parameters<typeof queries.insertSession>[1]) => Promise<void>,
): Promise<FreshSession> {
  const token = Buffer.from(context.random.bytes(32)).toString('base64url');
  const csrfToken = Buffer.from(context.random.bytes(32)).toString('base64url');
  const now = context.clock.now();
  const identity = identityOf(account, csrfToken, hashToken(token));
  await context.database.transaction(async (trx) => {
    await also(identity.scope, trx);
    await queries.insertSession(identity.scope, trx, {
      tokenHash: identity.tokenHash,
      csrfToken,
      now: new Date(now),
      expiresAt: new Date(now + absoluteLimitMs),
      address: origin.address,
      userAgent: origin.userAgent?.slice(0, 256) ?? null,
    });
  });
  return { token, identity };
}

async function changePassword(
  context: PlatformContext,
  scope: AccessScope,
  request: z.output<typeof changePasswordRequest>,
  origin: Origin,
): Promise<FreshSession> {
  const { database, clock } = context;
  const attempts = { name: 'change-password', subject: String(scope.accountId) };
  await takeAttempt(database.db, clock, { ...attempts, limit: attemptsPerLogin, windowSeconds: attemptWindowSeconds });
  const account = await queries.findAccount(scope, database.db);
  if (!account || !(await verifyPassword(request.current, account.passwordHash))) {
    throw passwordRefused('session.password-wrong', 'current', 'is not the current password');
  }
  if (request.current === request.next)
    throw passwordRefused('session.password-same', 'next', 'is the current password');
  if (request.next.toLowerCase().includes(account.login.toLowerCase()) && account.login.length >= 4) {
    throw passwordRefused('session.password-weak', 'next', 'contains the login');
  }
  const hash = await hashPassword(request.next, context.random);
  const fresh = await beginSession(
    context,
    { ...account, passwordChangeNeeded: false },
    origin,
    async (_scope, trx) => {
      await queries.storePassword(scope, trx, hash);
      await queries.deleteSessionsOf(scope, trx);
      await announce(database, trx, { sessions: true });
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
