import type { Role } from '@picket/contracts/api/session';
import { type Kysely, sql } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { known, type PersonRow, reachColumns } from './known-people.ts';

/** An invitation as lists show it. */
export interface InvitationRow extends PersonRow {
  readonly invited_by_login: string;
  readonly valid_days: number;
  readonly sent_at: Date;
  readonly expires_at: Date;
}

type Tenant = Pick<AccessScope, 'subscriptionId'>;

const rows = (scope: AccessScope) => sql`
  select invitation.*, ${reachColumns(scope, 'invitation')}
  from invitation
  where invitation.subscription_id = ${scope.subscriptionId} and ${known(scope, 'invitation')}`;

export async function listInvitations(
  scope: AccessScope,
  db: Kysely<Schema>,
  after: number,
  limit: number,
): Promise<readonly InvitationRow[]> {
  const found = await sql<InvitationRow>`
    ${rows(scope)} and invitation.id > ${after} order by invitation.id limit ${limit}`.execute(db);
  return found.rows;
}

export async function countInvitations(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from invitation where subscription_id = ${scope.subscriptionId} and ${known(scope, 'invitation')}`.execute(
    db,
  );
  return found.rows[0]?.n ?? 0;
}

/** One invitation that the caller may know of, locked until the transaction ends. */
export async function lockInvitation(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
): Promise<InvitationRow | undefined> {
  const found = await sql<InvitationRow>`${rows(scope)} and invitation.id = ${id} for update of invitation`.execute(
    trx,
  );
  return found.rows[0];
}

/** Whether an open invitation that the caller may know of has this login. */
export async function hasInvitation(scope: AccessScope, trx: Kysely<Schema>, login: string): Promise<boolean> {
  const found = await sql`
    select 1 from invitation where subscription_id = ${scope.subscriptionId} and ${known(scope, 'invitation')}
      and lower(login) = ${login.toLowerCase()}`.execute(trx);
  return found.rows.length > 0;
}

export async function loginIsTaken(db: Kysely<Schema>, login: string): Promise<boolean> {
  const found = await db
    .selectFrom('account')
    .select('id')
    .where(sql<string>`lower(login)`, '=', login.toLowerCase())
    .executeTakeFirst();
  return found !== undefined;
}

/** A link: who made it, its hash, and how long it works. */
export interface Link {
  readonly tokenHash: Uint8Array;
  readonly by: Pick<AccessScope, 'accountId' | 'login'>;
  readonly now: Date;
  readonly expiresAt: Date;
}

const linkColumns = ({ tokenHash, by, now, expiresAt }: Link) => ({
  token_hash: tokenHash,
  invited_by: by.accountId,
  invited_by_login: by.login,
  sent_at: now,
  expires_at: expiresAt,
});

export interface NewInvitation {
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly unitId: number | null;
  readonly groupIds: readonly number[];
  readonly days: number;
}

export async function insertInvitation(
  scope: Tenant,
  trx: Kysely<Schema>,
  wanted: NewInvitation,
  link: Link,
): Promise<number> {
  const { login, name, email, role, unitId, groupIds, days } = wanted;
  const { id } = await trx
    .insertInto('invitation')
    .values({
      subscription_id: scope.subscriptionId,
      login,
      name,
      email,
      role,
      business_unit_id: unitId,
      valid_days: days,
      ...linkColumns(link),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const groups = [...new Set(groupIds)].map((asset_group_id) => ({
    subscription_id: scope.subscriptionId,
    asset_group_id,
    invitation_id: id,
  }));
  if (groups.length > 0) await trx.insertInto('asset_group_invitation').values(groups).execute();
  return id;
}

/** A new link in place of the old one, which works no longer. */
export async function replaceLink(scope: Tenant, trx: Kysely<Schema>, id: number, link: Link): Promise<void> {
  await trx
    .updateTable('invitation')
    .set(linkColumns(link))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function deleteInvitation(scope: Tenant, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx.deleteFrom('invitation').where('subscription_id', '=', scope.subscriptionId).where('id', '=', id).execute();
}

/** Drops those whose last link ended long ago. */
export async function dropOldInvitations(scope: Tenant, trx: Kysely<Schema>, before: Date): Promise<void> {
  await trx
    .deleteFrom('invitation')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('expires_at', '<', before)
    .execute();
}

/** An invitation as the holder of its link uses it. */
export interface LinkedInvitation {
  readonly subscriptionId: number;
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly unitId: number | null;
  readonly unitName: string | null;
  readonly invitedBy: number;
  readonly invitedByLogin: string;
  readonly expiresAt: Date;
  readonly groupIds: readonly number[];
}

/** By a link that has not ended; the hash names the tenant. Locked until the transaction ends when `lock` is set. */
export async function findByLink(
  db: Kysely<Schema>,
  tokenHash: Uint8Array,
  now: Date,
  lock: boolean,
): Promise<LinkedInvitation | undefined> {
  const found = await sql<Omit<LinkedInvitation, 'groupIds'>>`
    select subscription_id as "subscriptionId", id, login, name, email, role, business_unit_id as "unitId",
      (select unit.name from business_unit unit where unit.subscription_id = invitation.subscription_id
        and unit.id = invitation.business_unit_id) as "unitName",
      invited_by as "invitedBy", invited_by_login as "invitedByLogin", expires_at as "expiresAt"
    from invitation where token_hash = ${tokenHash} and expires_at > ${now} ${lock ? sql`for update` : sql``}`.execute(
    db,
  );
  const [row] = found.rows;
  if (!row) return undefined;
  const groups = await db
    .selectFrom('asset_group_invitation')
    .select('asset_group_id')
    .where('subscription_id', '=', row.subscriptionId)
    .where('invitation_id', '=', row.id)
    .execute();
  return { ...row, groupIds: groups.map((group) => group.asset_group_id) };
}

/** Who made the link, as they are now; undefined when they are gone or disabled. */
export async function findInviter(db: Kysely<Schema>, owner: { readonly subscriptionId: number; readonly id: number }) {
  return db
    .selectFrom('account')
    .select(['id', 'login', 'name', 'role', 'business_unit_id as unitId'])
    .where('subscription_id', '=', owner.subscriptionId)
    .where('id', '=', owner.id)
    .where('disabled', '=', false)
    .executeTakeFirst();
}
