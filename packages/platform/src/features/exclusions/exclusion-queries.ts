import { formatIp, type IpRange, parseIp } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import { type Kysely, sql } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { ExcludedName } from './read-exclusion.ts';

export interface ExclusionRow {
  readonly id: number;
  readonly targets: string;
  readonly names: unknown;
  readonly reason: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

/** Exclusions by id; with `id` only that one. */
export async function listExclusions(
  scope: AccessScope,
  db: Kysely<Schema>,
  page: { readonly after: number; readonly limit: number; readonly id?: number },
): Promise<readonly ExclusionRow[]> {
  let query = db
    .selectFrom('exclusion')
    .select(['id', 'targets', 'names', 'reason', 'updated_at', 'updated_by'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '>', page.after);
  if (page.id !== undefined) query = query.where('id', '=', page.id);
  return query.orderBy('id').limit(page.limit).execute();
}

export async function countExclusions(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const { total } = await db
    .selectFrom('exclusion')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirstOrThrow();
  return total;
}

/** What each covers, by id. */
export async function readCovered(
  scope: AccessScope,
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, RangeSet>> {
  const rows = await db
    .selectFrom('exclusion_range')
    .select(['exclusion_id', 'first_address', 'last_address'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('exclusion_id', 'in', [0, ...ids])
    .execute();
  const byId = Map.groupBy(rows, (row) => row.exclusion_id);
  return new Map([...byId].map(([id, own]) => [id, rangeSet(own.flatMap(rangeOf))]));
}

function rangeOf(row: { readonly first_address: string; readonly last_address: string }): readonly IpRange[] {
  const first = parseIp(row.first_address);
  const last = parseIp(row.last_address);
  if (!first.ok || !last.ok) return [];
  return [{ family: first.value.family, first: first.value.bits, last: last.value.bits }];
}

/** Ranges of all exclusions but one. */
export async function countRanges(scope: AccessScope, db: Kysely<Schema>, besides: number): Promise<number> {
  const { total } = await db
    .selectFrom('exclusion_range')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('exclusion_id', '<>', besides)
    .executeTakeFirstOrThrow();
  return total;
}

export interface ExclusionFields {
  readonly targets: string;
  readonly names: readonly ExcludedName[];
  readonly reason: string;
  readonly now: Date;
}

const columnsOf = (scope: AccessScope, { targets, names, reason, now }: ExclusionFields) => ({
  targets,
  names: JSON.stringify(names),
  reason,
  updated_at: now,
  updated_by: scope.login,
});

export async function insertExclusion(
  scope: AccessScope,
  trx: Kysely<Schema>,
  fields: ExclusionFields,
): Promise<number> {
  const { id } = await trx
    .insertInto('exclusion')
    .values({ subscription_id: scope.subscriptionId, ...columnsOf(scope, fields) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** False when there is no such exclusion. */
export async function updateExclusion(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  fields: ExclusionFields,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('exclusion')
    .set(columnsOf(scope, fields))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function replaceCovered(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  ranges: RangeSet,
): Promise<void> {
  await trx
    .deleteFrom('exclusion_range')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('exclusion_id', '=', id)
    .execute();
  const given = ranges.map(({ family, first, last }) => ({
    first: formatIp({ family, bits: first }),
    last: formatIp({ family, bits: last }),
  }));
  await sql`
    insert into exclusion_range (subscription_id, exclusion_id, first_address, last_address)
    select ${scope.subscriptionId}, ${id}, first::inet, last::inet
    from json_to_recordset(${JSON.stringify(given)}::json) as given (first text, last text)`.execute(trx);
}

/** False when there is no such exclusion. */
export async function deleteExclusion(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('exclusion')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
