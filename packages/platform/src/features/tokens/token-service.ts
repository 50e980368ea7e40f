import type { ApiToken, createApiTokenRequest } from '@picket/contracts/api/sign-in';
import type { z } from 'zod';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { deleteToken, insertToken, listTokens, type TokenRow } from './token-queries.ts';
import { hashOfToken, newToken } from './token-text.ts';

const dayMs = 86_400_000;
/** Tokens that an account has at most. */
const tokenLimit = 50;

/** Makes a token, which is in the answer and nowhere else. */
export async function createToken(
  context: PlatformContext,
  scope: AccessScope,
  request: z.output<typeof createApiTokenRequest>,
  address: string,
): Promise<ApiToken & { token: string }> {
  const token = newToken(context.random);
  const now = context.clock.now();
  return context.database.transaction(async (trx) => {
    if ((await listTokens(scope, trx)).length >= tokenLimit) throw tooMany();
    const row = await insertToken(scope, trx, {
      name: request.name,
      scope: request.scope,
      tokenHash: hashOfToken(token),
      ending: token.slice(-4),
      createdAt: new Date(now),
      expiresAt: new Date(now + request.days * dayMs),
    });
    const detail = { name: row.name, scope: row.scope, days: request.days };
    await recordAudit(scope, trx, { action: 'token.create', subject: `token:${row.id}`, detail, address });
    return { ...shownToken(row, now), token };
  });
}

/** Revokes a token: it is refused from the next request on. */
export async function revokeToken(
  context: PlatformContext,
  scope: AccessScope,
  what: { readonly accountId: number; readonly id: number; readonly address: string },
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const owner = { subscriptionId: scope.subscriptionId, accountId: what.accountId };
    const row = await deleteToken(owner, trx, what.id);
    if (!row) throw notFound('token', what.id);
    await recordAudit(scope, trx, {
      action: 'token.revoke',
      subject: `token:${row.id}`,
      detail: { name: row.name, account: what.accountId },
      address: what.address,
    });
    await announce(context.database, trx, { sessions: true });
  });
}

/** A token as lists show it. */
export function shownToken(row: TokenRow, now: number): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    ending: row.ending,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    lastAddress: row.last_address,
    expired: row.expires_at.getTime() <= now,
  };
}

function tooMany() {
  return refuse({
    status: 409,
    code: 'token.too-many',
    message: `There are ${tokenLimit} tokens of this account already.`,
    hint: 'Revoke those that nothing uses.',
  });
}
