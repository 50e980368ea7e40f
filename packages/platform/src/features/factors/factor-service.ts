import type { Kysely } from 'kysely';
import { recordAudit } from '../../server/audit.ts';
import type { SessionIdentity } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { endSessions } from '../../server/end-access.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { verifyPassword } from '../../server/password.ts';
import { clearAttempts, takeAttempt } from '../../server/rate-limit.ts';
import { secretBox } from '../../server/secret-box.ts';
import type { SecondFactor } from '../../server/second-factor.ts';
import type { Schema } from '../../storage/schema.ts';
import * as queries from './factor-queries.ts';
import { hashOfRecoveryCode, newRecoveryCodes, recordOf } from './second-factor.ts';
import { base32, otpauthUri } from './totp.ts';

/** Bytes of a secret: as many as the hash has (RFC 4226 section 4, R6). */
const secretLength = 20;
/** Wrong passwords and codes of an account in 15 minutes, here: signing in counts by itself. */
const attempts = { limit: 10, windowSeconds: 900 };

/** A session counts as just begun for so long, milliseconds. */
const freshMs = 600_000;

export interface FactorParts {
  readonly context: PlatformContext;
  readonly factor: SecondFactor;
}

/** Who asks, from where. */
export interface Asking {
  readonly identity: SessionIdentity;
  readonly address: string;
}

/** Whether there is an app, since when, and how many recovery codes are left. */
export async function factorsOf(owner: Pick<AccessScope, 'subscriptionId' | 'accountId'>, db: Kysely<Schema>) {
  const totp = await queries.findTotp(owner, db);
  return {
    totpSince: totp?.confirmed_at?.toISOString() ?? null,
    recoveryCodesLeft: await queries.countRecoveryCodes(owner, db),
    passkeys: await queries.countPasskeys(owner, db),
  };
}

/** Makes a secret for an app. It counts for nothing until a code confirms it. */
export async function beginTotp(
  { context }: FactorParts,
  { identity }: Asking,
  password: string,
): Promise<{ secret: string; uri: string }> {
  const { scope } = identity;
  const { login } = await provePassword(context, identity, password);
  const secret = context.random.bytes(secretLength);
  const box = secretBox(context.keys.platform, context.random);
  const sealed = box.seal(Buffer.from(secret).toString('base64'), recordOf(scope));
  const now = new Date(context.clock.now());
  if (!(await queries.storeSecret(scope, context.database.db, sealed, now))) throw alreadyThere();
  return { secret: base32(secret), uri: otpauthUri(secret, login, 'Picket') };
}

/** Turns it on with a first code. The recovery codes are in the answer and nowhere else. */
export async function confirmNewTotp(
  parts: FactorParts,
  { identity, address }: Asking,
  code: string,
): Promise<string[]> {
  const { context, factor } = parts;
  const { scope } = identity;
  const counted = await takeTurn(context, scope);
  const pending = await queries.findTotp(scope, context.database.db);
  if (!pending) throw notBegun();
  if (pending.confirmed_at !== null) throw alreadyThere();
  const codes = newRecoveryCodes(context.random);
  await context.database.transaction(async (trx) => {
    if ((await factor.take(scope, trx, code)) !== 'code') throw codeWrong();
    await queries.confirmTotp(scope, trx, new Date(context.clock.now()));
    await queries.replaceRecoveryCodes(scope, trx, hashes(scope, codes));
    await queries.storeMethod(scope, trx, identity.tokenHash, '+code');
    await audit(scope, trx, 'factor.totp-on', address);
  });
  await clearAttempts(context.database.db, counted);
  return codes;
}

/** Ten new recovery codes; the old ones work no longer. */
export async function renewRecoveryCodes(
  parts: FactorParts,
  { identity, address }: Asking,
  proof: { readonly password: string; readonly code: string },
): Promise<string[]> {
  const { context } = parts;
  const { scope } = identity;
  const codes = newRecoveryCodes(context.random);
  await proveBoth(parts, identity, proof, async (trx) => {
    await queries.replaceRecoveryCodes(scope, trx, hashes(scope, codes));
    await audit(scope, trx, 'factor.recovery-codes', address);
  });
  return codes;
}

/** Turns it off. */
export async function endTotp(
  parts: FactorParts,
  { identity, address }: Asking,
  proof: { readonly password: string; readonly code: string },
): Promise<void> {
  const { scope } = identity;
  await proveBoth(parts, identity, proof, async (trx) => {
    await queries.deleteTotp(scope, trx);
    await queries.storeMethod(scope, trx, identity.tokenHash, '');
    await audit(scope, trx, 'factor.totp-off', address);
  });
}

/** Removes the app and the passkeys of somebody who lost them, and ends their sessions. */
export async function resetFactors(
  context: PlatformContext,
  scope: AccessScope,
  accountId: number,
  address: string,
): Promise<void> {
  const owner = { subscriptionId: scope.subscriptionId, accountId };
  await context.database.transaction(async (trx) => {
    if (!(await queries.findPasswordHash(owner, trx))) throw notFound('account', accountId);
    await queries.deleteTotp(owner, trx);
    await queries.deletePasskeys(owner, trx);
    await endSessions(context.database, trx, owner);
    await recordAudit(scope, trx, { action: 'factor.reset', subject: `account:${accountId}`, address });
  });
}

async function proveBoth(
  parts: FactorParts,
  identity: SessionIdentity,
  proof: { readonly password: string; readonly code: string },
  then: (trx: Kysely<Schema>) => Promise<void>,
): Promise<void> {
  const { context, factor } = parts;
  const { scope } = identity;
  if (!(await factor.needed(scope))) throw notBegun();
  await provePassword(context, identity, proof.password);
  const counted = await takeTurn(context, scope);
  await context.database.transaction(async (trx) => {
    if ((await factor.take(scope, trx, proof.code)) === null) throw codeWrong();
    await then(trx);
  });
  await clearAttempts(context.database.db, counted);
}

/** By the password; who has none, by having come from the identity provider just now. */
async function provePassword(context: PlatformContext, { scope, tokenHash }: SessionIdentity, password: string) {
  const counted = await takeTurn(context, scope);
  const { db } = context.database;
  const account = await queries.findPasswordHash(scope, db);
  if (account && !account.hasPassword) {
    const since = await queries.providerSessionSince(scope, db, tokenHash);
    if (since === undefined || context.clock.now() - since.getTime() > freshMs) throw notFresh();
    return account;
  }
  if (!account || !(await verifyPassword(password, account.hash))) {
    throw refuse({
      status: 400,
      code: 'session.password-wrong',
      message: 'Nothing was changed.',
      hint: 'Type the password of this account.',
      errors: [{ field: 'password', message: 'is not the current password' }],
    });
  }
  await clearAttempts(context.database.db, counted);
  return account;
}

function notFresh() {
  return refuse({
    status: 403,
    code: 'factor.sign-in-again',
    message: 'This account has no password, and its sign-in is more than ten minutes ago.',
    hint: 'Sign out, sign in again, and then make the change.',
  });
}

async function takeTurn(context: PlatformContext, scope: AccessScope) {
  const counted = { name: 'factor', subject: `${scope.subscriptionId}:${scope.accountId}` };
  await takeAttempt(context.database.db, context.clock, { ...counted, ...attempts });
  return counted;
}

function hashes(scope: AccessScope, codes: readonly string[]): Uint8Array[] {
  return codes.map((code) => hashOfRecoveryCode(scope, code));
}

async function audit(scope: AccessScope, trx: Kysely<Schema>, action: string, address: string): Promise<void> {
  await recordAudit(scope, trx, { action, subject: `account:${scope.accountId}`, address });
}

function codeWrong() {
  return refuse({
    status: 400,
    code: 'factor.code-wrong',
    message: 'The code is wrong, too old, or was used before.',
    hint: 'Wait for the next code of the app. If none is right, set the clock of the phone.',
    errors: [{ field: 'code', message: 'is not the code of this moment' }],
  });
}

function alreadyThere() {
  return refuse({
    status: 409,
    code: 'factor.already-on',
    message: 'An authenticator app is in use already.',
    hint: 'Turn it off first to use another one.',
  });
}

function notBegun() {
  return refuse({
    status: 409,
    code: 'factor.not-on',
    message: 'There is no authenticator app.',
    hint: 'Set one up first.',
  });
}
