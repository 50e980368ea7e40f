import { formatIp, type IpRange, parseIp } from '@picket/base/ip';
import { intersect, type RangeSet, rangeSet } from '@picket/base/range-set';
import { type Kysely, sql } from 'kysely';
import { onSeenAssets, seen } from '../../server/access/seen.ts';
import { seenRanges, type Viewer } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { NetworkRanges } from './network-ranges.ts';

type Tenant = Pick<AccessScope, 'subscriptionId'>;

export interface NetworkRow {
  readonly id: number;
  readonly name: string;
  readonly authorization_statement: string | null;
  readonly authorization_by: string | null;
  readonly authorization_at: Date | null;
  readonly assets: number;
}

/** Networks after this id, in the order of their making. */
export async function listNetworks(
  scope: Viewer,
  db: Kysely<Schema>,
  page: { readonly after: number; readonly limit: number; readonly id?: number },
): Promise<readonly NetworkRow[]> {
  let query = db
    .selectFrom(seen(scope, 'network'))
    .select((eb) => [
      'id',
      'name',
      'authorization_statement',
      'authorization_by',
      'authorization_at',
      eb
        .selectFrom(seen(scope, 'asset'))
        .select((inner) => inner.fn.countAll<number>().as('n'))
        .whereRef('asset.subscription_id', '=', 'network.subscription_id')
        .whereRef('asset.network_id', '=', 'network.id')
        .as('assets'),
    ])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '>', page.after);
  if (page.id !== undefined) query = query.where('id', '=', page.id);
  const rows = await query.orderBy('id').limit(page.limit).execute();
  return rows.map((row) => ({ ...row, assets: row.assets ?? 0 }));
}

export async function countNetworks(scope: Viewer, db: Kysely<Schema>): Promise<number> {
  const { n } = await db
    .selectFrom(seen(scope, 'network'))
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirstOrThrow();
  return n;
}

/** Ranges and appliances of some networks, by network id. */
export async function readNetworkParts(scope: Viewer, db: Kysely<Schema>, ids: readonly number[]) {
  const ranges = await db
    .selectFrom(seen(scope, 'network_range'))
    .select(['network_id', 'kind', 'first_address', 'last_address'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('network_id', 'in', [0, ...ids])
    .execute();
  const appliances = await db
    .selectFrom(seen(scope, 'appliance_network'))
    .select(['network_id', 'appliance_id'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('network_id', 'in', [0, ...ids])
    .orderBy('appliance_id')
    .execute();
  const setOf = (id: number, kind: 'range' | 'exclusion'): RangeSet => {
    const rows = ranges.filter((row) => row.network_id === id && row.kind === kind);
    const whole = rangeSet(rows.flatMap((row) => storedRange(row.first_address, row.last_address)));
    const visible = seenRanges(scope, id);
    return visible === null ? whole : intersect(whole, visible);
  };
  return new Map(
    ids.map((id) => [
      id,
      {
        ranges: setOf(id, 'range'),
        exclusions: setOf(id, 'exclusion'),
        applianceIds: appliances.filter((row) => row.network_id === id).map((row) => row.appliance_id),
      },
    ]),
  );
}

function storedRange(firstText: string, lastText: string): readonly IpRange[] {
  const first = parseIp(firstText);
  const last = parseIp(lastText);
  if (!first.ok || !last.ok) return [];
  return [{ family: first.value.family, first: first.value.bits, last: last.value.bits }];
}

/** A recorded word that public ranges may be scanned. */
export interface Authorization {
  readonly statement: string;
  readonly by: string;
  readonly at: Date;
}

export async function insertNetwork(
  scope: Tenant,
  trx: Kysely<Schema>,
  network: { readonly name: string; readonly authorization: Authorization | null },
): Promise<number> {
  const { id } = await trx
    .insertInto('network')
    .values({
      subscription_id: scope.subscriptionId,
      name: network.name,
      ...authorizationColumns(network.authorization),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** False when there is no such network. `authorization` undefined: as it was. */
export async function updateNetwork(
  scope: Tenant,
  trx: Kysely<Schema>,
  id: number,
  network: { readonly name: string; readonly authorization: Authorization | null | undefined },
): Promise<boolean> {
  const authorization = network.authorization === undefined ? {} : authorizationColumns(network.authorization);
  const { numUpdatedRows } = await trx
    .updateTable('network')
    .set({ name: network.name, ...authorization })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function authorizationColumns(authorization: Authorization | null) {
  return {
    authorization_statement: authorization?.statement ?? null,
    authorization_by: authorization?.by ?? null,
    authorization_at: authorization?.at ?? null,
  };
}

export async function replaceRanges(
  scope: Tenant,
  trx: Kysely<Schema>,
  id: number,
  { ranges, exclusions }: NetworkRanges,
): Promise<void> {
  await trx
    .deleteFrom('network_range')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('network_id', '=', id)
    .execute();
  const text = (range: IpRange, bits: bigint) => formatIp({ family: range.family, bits });
  for (const [kind, set] of [['range', ranges] as const, ['exclusion', exclusions] as const]) {
    const firsts = set.map((range) => text(range, range.first));
    const lasts = set.map((range) => text(range, range.last));
    await sql`
      insert into network_range (subscription_id, network_id, kind, first_address, last_address)
      select ${scope.subscriptionId}::bigint, ${id}::bigint, ${kind}::text, first::inet, last::inet
      from unnest(${firsts}::text[], ${lasts}::text[]) as given (first, last)`.execute(trx);
  }
}

/** Appliances among `ids` that exist and are not revoked. */
export async function knownAppliances(
  scope: Viewer,
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(seen(scope, 'appliance'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', [0, ...ids])
    .where('state', '<>', 'revoked')
    .execute();
  return rows.map((row) => row.id);
}

export async function replaceAppliances(
  scope: Tenant,
  trx: Kysely<Schema>,
  id: number,
  applianceIds: readonly number[],
): Promise<void> {
  await trx
    .deleteFrom('appliance_network')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('network_id', '=', id)
    .execute();
  if (applianceIds.length === 0) return;
  await trx
    .insertInto('appliance_network')
    .values(
      applianceIds.map((appliance) => ({
        subscription_id: scope.subscriptionId,
        appliance_id: appliance,
        network_id: id,
      })),
    )
    .execute();
}

/** Jobs of the network that have not ended. */
export async function openScans(scope: Viewer, db: Kysely<Schema>, id: number) {
  return db
    .selectFrom(seen(scope, 'scan'))
    .select(['id', 'title', 'kind'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('network_id', '=', id)
    .where('status', 'in', ['queued', 'running', 'pausing', 'paused', 'canceling'])
    .orderBy('id')
    .execute();
}

/** The network with all that was found in it. False when there is none. */
export async function deleteNetwork(scope: Viewer, trx: Kysely<Schema>, id: number): Promise<boolean> {
  await sql`
    delete from detection_history where subscription_id = ${scope.subscriptionId} and detection_id in (
      select detection.id from ${onSeenAssets(scope, 'detection')}
      where asset.subscription_id = ${scope.subscriptionId} and asset.network_id = ${id}
    )`.execute(trx);
  for (const table of ['asset', 'scan'] as const) {
    await trx
      .deleteFrom(table)
      .where('subscription_id', '=', scope.subscriptionId)
      .where('network_id', '=', id)
      .execute();
  }
  const { numDeletedRows } = await trx
    .deleteFrom('network')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
