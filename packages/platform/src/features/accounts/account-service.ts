import type { createAccountRequest, updateAccountRequest } from '@picket/contracts/api/session';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { endSessions, endTokens } from '../../server/end-access.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { hashPassword, oneTimePassword } from '../../server/password.ts';
import type { Schema } from '../../storage/schema.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './account-queries.ts';
import { accountFaults, type WantedAccount, wholeRoles } from './domain/account-rules.ts';

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
      const confined = scope.role !== 'manager';
      const businessUnitId = confined ? (request.businessUnitId ?? scope.unitId) : request.businessUnitId;
      await requireAllowed(scope, trx, { ...request, businessUnitId });
      const id = await queries.insertAccount(scope, trx, {
        ...request,
        email: request.email ?? null,
        unitId: businessUnitId,
        passwordHash,
        passwordChangeNeeded: true,
        passwordExpiresAt: new Date(context.clock.now() + oneTimePasswordMs),
      });
      await queries.replaceGroups(scope, trx, id, request.assetGroupIds);
      const detail = {
        login: request.login,
        role: request.role,
        unit: businessUnitId,
        assetGroups: request.assetGroupIds.join(', '),
      };
      await recordAudit(scope, trx, { action: 'account.create', subject: `account:${id}`, detail, address });
      return requireAccount(scope, trx, id);
    });
    return { account, oneTimePassword: password };
  } catch (error) {
    if (!isUniqueViolation(error, 'account_login')) throw error;
    throw loginTaken(request.login);
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
    const before = await requireAdministered(scope, trx, id);
    const staysManager = (request.role ?? 'manager') === 'manager' && request.disabled !== true;
    if (!staysManager) refuseLastManager(managers, id);
    const { businessUnitId, assetGroupIds, ...fields } = request;
    const role = request.role ?? before.role;
    // Who comes to see everything leaves unit and groups behind.
    const whole = wholeRoles.includes(role);
    const unitId = businessUnitId === undefined ? (whole ? null : before.business_unit_id) : businessUnitId;
    const groups = assetGroupIds ?? (whole ? [] : null);
    await requireAllowed(scope, trx, { role, businessUnitId: unitId, assetGroupIds: groups ?? [] });
    await queries.updateAccount(scope, trx, id, { ...fields, business_unit_id: unitId });
    if (groups !== null) await queries.replaceGroups(scope, trx, id, groups);
    // What somebody may is part of their sessions: with another role they sign in again.
    const concerned = { subscriptionId: scope.subscriptionId, accountId: id };
    if (request.role !== undefined || request.disabled === true) await endSessions(context.database, trx, concerned);
    if (request.disabled === true) await endTokens(trx, concerned);
    const detail = Object.fromEntries(
      Object.entries(request).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, Array.isArray(value) ? value.join(', ') : value]],
      ),
    );
    await recordAudit(scope, trx, { action: 'account.update', subject: `account:${id}`, detail, address });
    await announce(context.database, trx, { sessions: true });
    return requireAccount(scope, trx, id);
  });
}

export async function removeAccount(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const managers = await queries.lockManagers(scope, trx);
    const account = await requireAdministered(scope, trx, id);
    refuseLastManager(managers, id);
    await queries.deleteAccount(scope, trx, id);
    const detail = { login: account.login };
    await recordAudit(scope, trx, { action: 'account.delete', subject: `account:${id}`, detail, address });
    await announce(context.database, trx, { sessions: true });
  });
}

/** A new one-time password for somebody who lost theirs. */
export async function resetPassword(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<WithPassword> {
  const password = oneTimePassword(context.random);
  const hash = await hashPassword(password, context.random);
  const expiresAt = new Date(context.clock.now() + oneTimePasswordMs);
  const account = await context.database.transaction(async (trx) => {
    const found = await requireAdministered(scope, trx, id);
    await queries.storeOneTimePassword(scope, trx, id, { hash, expiresAt });
    const concerned = { subscriptionId: scope.subscriptionId, accountId: id };
    await endSessions(context.database, trx, concerned);
    await endTokens(trx, concerned);
    await recordAudit(scope, trx, { action: 'account.password-reset', subject: `account:${id}`, address });
    return found;
  });
  return { account, oneTimePassword: password };
}

async function requireAccount(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<queries.AccountRow> {
  const account = await queries.lockAccount(scope, trx, id);
  if (!account) throw notFound('account', id);
  return account;
}

/** An account that the caller may change: whoever sees more than the caller is changed by a Manager. */
async function requireAdministered(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<queries.AccountRow> {
  const account = await requireAccount(scope, trx, id);
  if (!account.beyond) return account;
  throw refuse({
    status: 403,
    code: 'account.beyond-unit',
    message: `${account.login} also has asset groups that you do not see.`,
    hint: 'Ask a Manager to make this change.',
  });
}

/** Refuses what the caller may not give, every fault at once. */
export async function requireAllowed(scope: AccessScope, trx: Kysely<Schema>, wanted: WantedAccount): Promise<void> {
  const faults = accountFaults(scope, wanted, await queries.readChoices(scope, trx));
  if (faults.length === 0) return;
  throw refuse({
    status: 422,
    code: 'account.not-allowed',
    message: faults[0]?.message ?? 'The account can not be like this.',
    hint: 'Mend what is named and try again. Nothing was changed.',
    errors: faults,
  });
}

/** Logins are unique, in whichever case they are written. */
export function loginTaken(login: string) {
  return refuse({
    status: 409,
    code: 'account.login-taken',
    message: `There is an account with the login ${login} already.`,
    hint: 'Choose another login.',
    errors: [{ field: 'login', message: 'is taken' }],
  });
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
