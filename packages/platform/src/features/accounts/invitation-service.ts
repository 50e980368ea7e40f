import { createHash } from 'node:crypto';
import type { createInvitationRequest, invitationMail } from '@picket/contracts/api/invitation';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { ownOrigin } from '../../server/own-origin.ts';
import type { SendPersonMail } from '../../server/person-mail.ts';
import { plainLine } from '../../server/plain-line.ts';
import type { Schema } from '../../storage/schema.ts';
import { loginTaken, requireAllowed } from './account-service.ts';
import { invitationWords } from './domain/invitation-words.ts';
import * as queries from './invitation-queries.ts';

const dayMs = 86_400_000;
/** Invitations whose link ended are kept so long, to be sent again. */
const keepDays = 90;

export interface InvitationParts {
  readonly context: PlatformContext;
  readonly sendMail: SendPersonMail;
}

/** What was made: the link is in the answer and nowhere else. */
export interface Sent {
  readonly invitation: queries.InvitationRow;
  readonly link: string;
  readonly mail: z.output<typeof invitationMail>;
}

/** What the database keeps of a link's token. */
export function hashOfToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`picket invitation ${token}`).digest());
}

/** Invites somebody: a link that makes their account, once. */
export async function invite(
  parts: InvitationParts,
  scope: AccessScope,
  request: z.output<typeof createInvitationRequest>,
  address: string,
): Promise<Sent> {
  const { context } = parts;
  const { token, link } = newLink(context, scope, request.days);
  const invitation = await context.database.transaction(async (trx) => {
    const confined = scope.role !== 'manager';
    const businessUnitId = confined ? (request.businessUnitId ?? scope.unitId) : request.businessUnitId;
    await requireAllowed(scope, trx, { ...request, businessUnitId });
    if (await queries.loginIsTaken(trx, request.login)) throw loginTaken(request.login);
    await queries.dropOldInvitations(scope, trx, new Date(context.clock.now() - keepDays * dayMs));
    if (await queries.hasInvitation(scope, trx, request.login)) throw alreadyInvited(request.login);
    const { login, name, role, email = null, days, assetGroupIds: groupIds } = request;
    const wanted = { login, name, role, email, days, groupIds, unitId: businessUnitId };
    const id = await queries.insertInvitation(scope, trx, wanted, link);
    const detail = { login, role, unit: businessUnitId, assetGroups: groupIds.join(', '), days };
    await recordAudit(scope, trx, { action: 'invitation.create', subject: `invitation:${id}`, detail, address });
    return requireInvitation(scope, trx, id);
  });
  return deliver(parts, scope, invitation, token);
}

/** A new link for the same person; the old one works no longer. */
export async function inviteAgain(
  parts: InvitationParts,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<Sent> {
  const { context } = parts;
  const { token, invitation } = await context.database.transaction(async (trx) => {
    const before = await requireAdministered(scope, trx, id);
    const { token: fresh, link } = newLink(context, scope, before.valid_days);
    await queries.replaceLink(scope, trx, id, link);
    const detail = { login: before.login };
    await recordAudit(scope, trx, { action: 'invitation.resend', subject: `invitation:${id}`, detail, address });
    return { token: fresh, invitation: await requireInvitation(scope, trx, id) };
  });
  return deliver(parts, scope, invitation, token);
}

/** Withdraws an invitation: its link works no longer. */
export async function revokeInvitation(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const { login } = await requireAdministered(scope, trx, id);
    await queries.deleteInvitation(scope, trx, id);
    await recordAudit(scope, trx, {
      action: 'invitation.revoke',
      subject: `invitation:${id}`,
      detail: { login },
      address,
    });
  });
}

/** 256 random bits, and what is stored of them. */
function newLink(context: PlatformContext, scope: AccessScope, days: number) {
  const token = Buffer.from(context.random.bytes(32)).toString('base64url');
  const now = context.clock.now();
  const link = {
    tokenHash: hashOfToken(token),
    by: scope,
    now: new Date(now),
    expiresAt: new Date(now + days * dayMs),
  };
  return { token, link };
}

/** Mails the link, if there is an address and a server. The token is after the `#`, so that no server's log has it. */
async function deliver(
  { context, sendMail }: InvitationParts,
  scope: AccessScope,
  invitation: queries.InvitationRow,
  token: string,
): Promise<Sent> {
  const link = `${ownOrigin(context.keys)}/invite#${token}`;
  const { email, name, login, role } = invitation;
  if (email === null) return { invitation, link, mail: { state: 'no-address', detail: null } };
  const inviter = await queries.findInviter(context.database.db, {
    subscriptionId: scope.subscriptionId,
    id: scope.accountId,
  });
  const by = inviter?.name ?? scope.login;
  const words = invitationWords({ by, name, login, role, link, expiresAt: invitation.expires_at.getTime() }, (text) =>
    plainLine(text),
  );
  return { invitation, link, mail: await sendMail({ to: email, ...words }) };
}

async function requireInvitation(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<queries.InvitationRow> {
  const invitation = await queries.lockInvitation(scope, trx, id);
  if (!invitation) throw notFound('invitation', id);
  return invitation;
}

/** One that the caller may change: who is invited to more than the caller sees is a Manager's. */
async function requireAdministered(scope: AccessScope, trx: Kysely<Schema>, id: number) {
  const invitation = await requireInvitation(scope, trx, id);
  if (!invitation.beyond) return invitation;
  throw refuse({
    status: 403,
    code: 'account.beyond-unit',
    message: `${invitation.login} is also invited to asset groups that you do not see.`,
    hint: 'Ask a Manager to make this change.',
  });
}

function alreadyInvited(login: string) {
  return refuse({
    status: 409,
    code: 'invitation.already-open',
    message: `${login} is invited already.`,
    hint: 'Send that invitation again, or revoke it first.',
    errors: [{ field: 'login', message: 'is invited already' }],
  });
}
