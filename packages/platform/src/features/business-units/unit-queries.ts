import { type Kysely, sql } from 'kysely';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

export interface UnitRow {
  readonly id: number;
  readonly name: string;
  readonly comments: string;
  readonly accounts: number;
  readonly assetGroups: number;
}

/** Units that the caller may know of: all for whoever sees everything about people, else the own. */
const known = (scope: AccessScope) =>
  scope.role === 'manager' || scope.role === 'auditor' ? sql`true` : sql`bu.id = ${scope.unitId}::bigint`;

const rows = (scope: AccessScope) => sql`
  select bu.id, bu.name, bu.comments,
    (select count(*) from account where account.subscription_id = bu.subscription_id and account.business_unit_id = bu.id) as accounts,
    (select count(*) from ${seen(scope, 'asset_group')} where asset_group.subscription_id = bu.subscription_id
      and asset_group.business_unit_id = bu.id) as "assetGroups"
  from business_unit bu where bu.subscription_id = ${scope.subscriptionId} and ${known(scope)}`;

export async function listUnits(
  scope: AccessScope,
  db: Kysely<Schema>,
  after: number,
  limit: number,
): Promise<readonly UnitRow[]> {
  const found = await sql<UnitRow>`${rows(scope)} and bu.id > ${after} order by bu.id limit ${limit}`.execute(db);
  return found.rows;
}

export async function countUnits(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from business_unit bu where bu.subscription_id = ${scope.subscriptionId} and ${known(scope)}`.execute(
    db,
  );
  return found.rows[0]?.n ?? 0;
}

export async function findUnit(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<UnitRow | undefined> {
  const found = await sql<UnitRow>`${rows(scope)} and bu.id = ${id}`.execute(db);
  return found.rows[0];
}

type Fields = { readonly name: string; readonly comments: string };

export async function insertUnit(scope: AccessScope, trx: Kysely<Schema>, fields: Fields): Promise<number> {
  const { id } = await trx
    .insertInto('business_unit')
    .values({ subscription_id: scope.subscriptionId, ...fields })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateUnit(scope: AccessScope, trx: Kysely<Schema>, id: number, fields: Fields): Promise<void> {
  await trx
    .updateTable('business_unit')
    .set(fields)
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function deleteUnit(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx
    .deleteFrom('business_unit')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}
