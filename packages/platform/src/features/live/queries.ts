import { canonicalIp } from '@picket/base/ip';
import { type LiveEvent, liveEvent } from '@picket/contracts/api/scan';
import { type Kysely, sql } from 'kysely';
import { readSight } from '../../server/access/read-sight.ts';
import { seen, underSeen } from '../../server/access/seen.ts';
import type { Viewer } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** Rows that one message carries at most: readers fetch the rest. */
const rowLimit = 100;

/** Hosts and blocks of a job whose units changed since. */
export async function changedSubjects(
  scope: Viewer,
  db: Kysely<Schema>,
  scanId: number,
  since: Date,
): Promise<{ hosts: readonly string[]; blocks: readonly string[] }> {
  const { rows } = await sql<{ subject: string; block: boolean }>`
    select subject, address is null as block from ${seen(scope, 'unit')}
    where subscription_id = ${scope.subscriptionId} and scan_id = ${scanId} and updated_at >= ${since} and state <> 'leased'
    group by subject, address is null order by max(updated_at) desc limit ${rowLimit}`.execute(db);
  return {
    hosts: rows.filter((row) => !row.block).map((row) => row.subject),
    blocks: rows.filter((row) => row.block).map((row) => row.subject),
  };
}

/** Findings as they are told to readers. */
export async function findingEvents(
  scope: Viewer,
  db: Kysely<Schema>,
  ids: readonly number[],
  scanId: number,
): Promise<readonly LiveEvent[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom(underSeen('detection'))
    .innerJoin(seen(scope, 'asset'), (join) =>
      join
        .onRef('asset.subscription_id', '=', 'detection.subscription_id')
        .onRef('asset.id', '=', 'detection.asset_id'),
    )
    .select([
      'detection.id',
      'detection.asset_id',
      'detection.severity',
      'detection.name',
      'detection.port',
      'detection.protocol',
    ])
    .select(sql<string>`host(asset.address)`.as('address'))
    .where('detection.subscription_id', '=', scope.subscriptionId)
    .where('detection.id', 'in', ids)
    .execute();
  return rows.map((row) =>
    liveEvent.parse({
      type: 'finding',
      scanId,
      detectionId: row.id,
      assetId: row.asset_id,
      address: canonicalIp(row.address) ?? row.address,
      severity: row.severity,
      name: row.name,
      port: row.port === 0 ? null : row.port,
      protocol: row.protocol === '' ? null : row.protocol,
    }),
  );
}

/** Appliances among these that the viewer sees. */
export async function seenAppliances(
  scope: Viewer,
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<readonly number[]> {
  // A deleted one is told to whoever sees everything: nobody else could have it confirmed.
  if (ids.length === 0 || scope.sight === 'everything') return ids;
  const rows = await db
    .selectFrom(seen(scope, 'appliance'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', ids)
    .execute();
  return rows.map((row) => row.id);
}

/** True when the viewer sees the job. */
export async function seesScan(scope: Viewer, db: Kysely<Schema>, scanId: number): Promise<boolean> {
  const row = await db
    .selectFrom(seen(scope, 'scan'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scanId)
    .executeTakeFirst();
  return row !== undefined;
}

/** What the account may see now; null: it is gone or disabled. */
export async function scopeNow(scope: AccessScope, db: Kysely<Schema>): Promise<AccessScope | null> {
  const account = await db
    .selectFrom('account')
    .select(['id', 'role', 'business_unit_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.accountId)
    .where('disabled', '=', false)
    .executeTakeFirst();
  if (!account) return null;
  const { role } = account;
  const sight = await readSight({ subscriptionId: scope.subscriptionId, id: account.id, role }, db);
  return { ...scope, role, unitId: account.business_unit_id, sight };
}

/** True while the session or the API token of a stream still holds. */
export async function sessionHolds(
  scope: Viewer,
  db: Kysely<Schema>,
  tokenHash: Uint8Array,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from session
    where subscription_id = ${scope.subscriptionId} and token_hash = ${tokenHash} and expires_at > ${now}
    union all
    select 1 from api_token
    where subscription_id = ${scope.subscriptionId} and token_hash = ${tokenHash} and expires_at > ${now}`.execute(db);
  return rows.length > 0;
}
