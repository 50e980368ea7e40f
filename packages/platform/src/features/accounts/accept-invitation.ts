import type { OpenedInvitation } from '@picket/contracts/api/invitation';
import type { Kysely } from 'kysely';
import { readSight } from '../../server/access/read-sight.ts';
import { recordAudit } from '../../server/audit.ts';
import { localAdminIdentity } from '../../server/authentication.ts';
import type { AlsoWrite, Owner, ProvenPerson } from '../../server/account-maker.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { containsLogin } from '../../server/password-rules.ts';
import { hashPassword } from '../../server/password.ts';
import { requirePasswordSignIn } from '../../server/sign-in-methods.ts';
import { takeAttempt } from '../../server/rate-limit.ts';
import type { Schema } from '../../storage/schema.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import { insertAccount, readChoices, replaceGroups } from './account-queries.ts';
import { accountFaults } from './domain/account-rules.ts';
import { deleteInvitation, findByLink, findInviter, type LinkedInvitation } from './invitation-queries.ts';
import { hashOfToken } from './invitation-service.ts';

/** Links tried from one address in 15 minutes, as with signing in. */
const perAddress = { name: 'invitation:address', limit: 50, windowSeconds: 900 };

/** How the holder of a link proves who they are. */
export interface Acceptance {
  readonly passwordHash: string;
  /** Null: they chose the password; else who the identity provider says they are. */
  readonly person: ProvenPerson | null;
  readonly address: string;
  readonly also: AlsoWrite;
}

/** What the holder of a link is invited to. */
export async function openInvitation(
  context: PlatformContext,
  token: string,
  address: string,
): Promise<OpenedInvitation> {
  const { db } = context.database;
  await takeAttempt(db, context.clock, { ...perAddress, subject: address });
  const found = await findByLink(db, hashOfToken(token), new Date(context.clock.now()), false);
  const inviter = found && (await stillGiven(db, found));
  if (!found || !inviter) throw notValid();
  const { login, name, role, unitName, expiresAt } = found;
  return {
    invitedBy: inviter.name,
    login,
    name,
    role,
    businessUnitName: unitName,
    expiresAt: expiresAt.toISOString(),
  };
}

/** Makes the account with the password that the person chose. */
export async function acceptInvitation(
  context: PlatformContext,
  given: { readonly token: string; readonly password: string },
  address: string,
): Promise<Owner> {
  const { login, role } = await openInvitation(context, given.token, address);
  await requirePasswordSignIn({ subscriptionId: context.subscriptionId, role }, context.database.db);
  if (containsLogin(given.password, login)) {
    throw refuse({
      status: 400,
      code: 'session.password-weak',
      message: 'The account was not made.',
      hint: 'Choose another password.',
      errors: [{ field: 'password', message: 'contains the login' }],
    });
  }
  const passwordHash = await hashPassword(given.password, context.random);
  return useInvitation(context, hashOfToken(given.token), {
    passwordHash,
    person: null,
    address,
    also: async () => {},
  });
}

/** Uses a link up: makes the account as it was invited, if whoever invited may still give that. */
export async function useInvitation(
  context: PlatformContext,
  tokenHash: Uint8Array,
  { passwordHash, person, address, also }: Acceptance,
): Promise<Owner> {
  try {
    return await context.database.transaction(async (trx) => {
      const found = await findByLink(trx, tokenHash, new Date(context.clock.now()), true);
      const inviter = found && (await stillGiven(trx, found));
      if (!found || !inviter) throw notValid();
      if (person !== null) requireSamePerson(found, person);
      const { subscriptionId, login, name, email, role, unitId } = found;
      const whole = { login, name, email, role, unitId, passwordHash };
      const flags = { passwordChangeNeeded: false, passwordExpiresAt: null, hasPassword: person === null };
      const accountId = await insertAccount({ subscriptionId }, trx, { ...whole, ...flags });
      await replaceGroups(inviter.scope, trx, accountId, found.groupIds);
      await deleteInvitation({ subscriptionId }, trx, found.id);
      const detail = { login, role, invitedBy: found.invitedByLogin, invitation: found.id };
      const actor = { subscriptionId, login };
      await recordAudit(actor, trx, { action: 'invitation.accept', subject: `account:${accountId}`, detail, address });
      await also(trx, { subscriptionId, accountId });
      return { subscriptionId, accountId };
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'account_login')) throw error;
    throw refuse({
      status: 409,
      code: 'invitation.login-taken',
      message: 'Meanwhile somebody else has the login of this invitation.',
      hint: 'Ask whoever invited you for an invitation with another login.',
    });
  }
}

/** Who signs in by the provider is whom the invitation names: by login, or by the mail address that it went to. */
function requireSamePerson(invited: LinkedInvitation, { login, email }: ProvenPerson): void {
  const same = (a: string, b: string | null) => b !== null && a.toLowerCase() === b.toLowerCase();
  if (same(invited.login, login) || (invited.email !== null && same(invited.email, email))) return;
  throw refuse({
    status: 403,
    code: 'invitation.other-person',
    message: 'The invitation is for somebody else than who signed in at the identity provider.',
    hint: 'Sign in there as whom the invitation names, or ask for an invitation of your own.',
  });
}

/** Who invited, if they may give today what they gave then; else null. */
async function stillGiven(db: Kysely<Schema>, found: LinkedInvitation) {
  const inviter = await inviterOf(db, found);
  if (!inviter) return null;
  const wanted = { role: found.role, businessUnitId: found.unitId, assetGroupIds: found.groupIds };
  const { role } = inviter.scope;
  if (role !== 'manager' && role !== 'unit-manager') return null;
  const faults = accountFaults(inviter.scope, wanted, await readChoices(inviter.scope, db));
  return faults.length === 0 ? inviter : null;
}

async function inviterOf(db: Kysely<Schema>, { subscriptionId, invitedBy, invitedByLogin }: LinkedInvitation) {
  if (invitedBy === 0) return { name: invitedByLogin, scope: localAdminIdentity(subscriptionId).scope };
  const account = await findInviter(db, { subscriptionId, id: invitedBy });
  if (!account) return null;
  const { id, login, name, role, unitId } = account;
  const sight = await readSight({ subscriptionId, id, role }, db);
  const scope: AccessScope = { subscriptionId, accountId: id, role, login, unitId, sight };
  return { name, scope };
}

/** The same for a link that was used, has ended, was withdrawn or replaced, and for one that never was. */
function notValid() {
  return refuse({
    status: 410,
    code: 'invitation.not-valid',
    message: 'This link does not work: it was used, has expired, was withdrawn, or a newer one was sent.',
    hint: 'Sign in if you have accepted already. Else open the newest link, or ask whoever invited you for a new one.',
  });
}
