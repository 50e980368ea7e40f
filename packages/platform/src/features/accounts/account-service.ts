import type { createAccountRequest, updateAccountRequest } from '@picket/contracts/api/session';
import type { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { endSessions, endTokens } from '../../server/end-access.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { hashPassword, oneTimePassword } from '../../server/password.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './account-queries.ts';

/** One-time passwords work for so long, milliseconds. */
export const oneTimePasswordMs = 7 * 86_400_000;

type WithPassword = { readonly account: queries.AccountRow; readonly oneTimePassword: string };

/** Makes an account with a one-time password, which is in the answer and nowhere else. */
export async function createAccount(
  context: PlatformContext,
  scope: AccessScope,
  request: z.output<typeof createAccountRequest>,
  address: string,
): Promise<WithPassword> {
  const password = oneTimePassword(context.random);
  const passwordHash = await hashPassword(password, context.random);
  try {
    const account = await context.database.transaction(async (trx) => {
      const created = await queries.insertAccount(scope, trx, {
        ...request,
        email: request.email ?? null,
        passwordHash,
        passwordExpiresAt: new Date(context.clock.now() + oneTimePasswordMs),
      });
      const detail = { login: created.login, role: created.role };
      await recordAudit(scope, trx, { action: 'account.create', subject: `account:${created.id}`, detail, address });
      return created;
    });
    return { account, oneTimePassword: password };
  } catch (error) {
    if (!isUniqueViolation(error, 'account_login')) throw error;
    throw refuse({
      status: 409,
      code: 'account.login-taken',
      message: `There is an account with the login ${request.login} already.`,
      hint: 'Choose another login.',
      errors: [{ field: 'login', message: 'is taken' }],
    });
  }
}

export async function changeAccount(
  context: PlatformContext,
  scope: AccessScope,
  change: { readonly id: number; readonly request: z.output<typeof updateAccountRequest>; readonly address: string },
): Promise<queries.AccountRow> {
  const { id, request, address } = change;
  return context.database.transaction(async (trx) => {
    const managers = await queries.lockManagers(scope, trx);
    const staysManager = (request.role ?? 'manager') === 'manager' && request.disabled !== true;
    if (!staysManager) refuseLastManager(managers, id);
    const account = await queries.updateAccount(scope, trx, id, request);
    if (!account) throw notFound('account', id);
    // What somebody may is part of their sessions: with another role they sign in again.
    const concerned = { subscriptionId: scope.subscriptionId, accountId: id };
    if (request.role !== undefined || request.disabled === true) await endSessions(context.database, trx, concerned);
    if (request.disabled === true) await endTokens(trx, concerned);
    const detail = Object.fromEntries(
      Object.entries(request).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
    await recordAudit(scope, trx, { action: 'account.update', subject: `account:${id}`, detail, address });
    return account;
  });
}

export async function removeAccount(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    refuseLastManager(await queries.lockManagers(scope, trx), id);
    const account = await queries.deleteAccount(scope, trx, id);
    if (!account) throw notFound('account', id);
    const detail = { login: account.login };
    await recordAudit(scope, trx, { action: 'account.delete', subject: `account:${id}`, detail, address });
  });
}

/** A new one-time password for somebody who lost theirs. */
export async function resetPassword(
  context: PlatformContext,
  actor: Pick<AccessScope, 'subscriptionId' | 'login'>,
  id: number,
  address?: string,
): Promise<WithPassword> {
  const password = oneTimePassword(context.random);
  const hash = await hashPassword(password, context.random);
  const expiresAt = new Date(context.clock.now() + oneTimePasswordMs);
  const account = await context.database.transaction(async (trx) => {
    const changed = await queries.storeOneTimePassword(actor, trx, id, { hash, expiresAt });
    if (!changed) throw notFound('account', id);
    const concerned = { subscriptionId: actor.subscriptionId, accountId: id };
    await endSessions(context.database, trx, concerned);
    await endTokens(trx, concerned);
    await recordAudit(actor, trx, {
      action: 'account.password-reset',
      subject: `account:${id}`,
      ...(address === undefined ? {} : { address }),
    });
    return changed;
  });
  return { account, oneTimePassword: password };
}

function refuseLastManager(managers: readonly number[], id: number): void {
  if (!managers.includes(id) || managers.length > 1) return;
  throw refuse({
    status: 409,
    code: 'account.last-manager',
    message: 'This is the last Manager who can sign in.',
    hint: 'Make somebody else a Manager first.',
  });
}
