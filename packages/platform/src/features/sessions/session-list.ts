import type { SessionEntry } from '@picket/contracts/api/sign-in';
import type { Kysely } from 'kysely';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { SessionIdentity } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { endSessions } from '../../server/end-access.ts';
import { notFound } from '../../server/http-error.ts';
import { readPolicy } from '../../server/security-policy.ts';
import type { Schema } from '../../storage/schema.ts';

/** Whose sessions; null: the caller's own. */
export interface Whose {
  readonly accountId: number;
  /** The session that asks, if it is one of these. */
  readonly current: Uint8Array | null;
}

/** Sessions that hold, the one used last first. */
export async function listSessions(
  context: PlatformContext,
  scope: AccessScope,
  whose: Whose,
): Promise<readonly SessionEntry[]> {
  const { db } = context.database;
  const policy = await readPolicy(scope, db);
  const now = context.clock.now();
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('account_id', '=', whose.accountId)
    .where('expires_at', '>', new Date(now))
    .where('last_used_at', '>', new Date(now - policy.idleMinutes * 60_000))
    .where('created_at', '>', new Date(now - policy.absoluteHours * 3_600_000))
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    method: row.method,
    userAgent: row.user_agent,
    address: row.address,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: whose.current !== null && Buffer.compare(row.token_hash, whose.current) === 0,
  }));
}

/** Ends one session of an account. */
export async function endSession(
  context: PlatformContext,
  scope: AccessScope,
  what: { readonly accountId: number; readonly id: number; readonly address: string },
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const ended = await trx
      .deleteFrom('session')
      .where('subscription_id', '=', scope.subscriptionId)
      .where('account_id', '=', what.accountId)
      .where('id', '=', what.id)
      .returning('id')
      .execute();
    if (ended.length === 0) throw notFound('session', what.id);
    await auditEnd(scope, trx, { ...what, ended: 1 });
    await announce(context.database, trx, { sessions: true });
  });
}

/** Ends every session of the caller but the one that asks. */
export async function endOtherSessions(
  context: PlatformContext,
  identity: SessionIdentity,
  address: string,
): Promise<number> {
  const { scope, tokenHash } = identity;
  return context.database.transaction(async (trx) => {
    const ended = await trx
      .deleteFrom('session')
      .where('subscription_id', '=', scope.subscriptionId)
      .where('account_id', '=', scope.accountId)
      .where('token_hash', '<>', tokenHash)
      .returning('id')
      .execute();
    if (ended.length === 0) return 0;
    await auditEnd(scope, trx, { accountId: scope.accountId, address, ended: ended.length });
    await announce(context.database, trx, { sessions: true });
    return ended.length;
  });
}

/** Ends every session of somebody. */
export async function endSessionsOf(
  context: PlatformContext,
  scope: AccessScope,
  accountId: number,
  address: string,
): Promise<number> {
  return context.database.transaction(async (trx) => {
    const ended = await endSessions(context.database, trx, { subscriptionId: scope.subscriptionId, accountId });
    if (ended > 0) await auditEnd(scope, trx, { accountId, address, ended });
    return ended;
  });
}

async function auditEnd(
  scope: AccessScope,
  trx: Kysely<Schema>,
  what: { readonly accountId: number; readonly address: string; readonly ended: number },
): Promise<void> {
  await recordAudit(scope, trx, {
    action: 'session.end',
    subject: `account:${what.accountId}`,
    detail: { sessions: what.ended },
    address: what.address,
  });
}
