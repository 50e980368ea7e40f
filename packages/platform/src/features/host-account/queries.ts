import { type Kysely, sql } from 'kysely';
import { hasTag, type StoredTag } from '../../jobs/asset-tags.ts';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** Notes and leases that are told at most. */
const told = 20;

/** The job, if the caller sees it. */
export async function accountScan(scope: AccessScope, db: Kysely<Schema>, scanId: number) {
  return db
    .selectFrom(seen(scope, 'scan'))
    .innerJoin(seen(scope, 'network'), (join) =>
      join.onRef('network.subscription_id', '=', 'scan.subscription_id').onRef('network.id', '=', 'scan.network_id'),
    )
    .select(['scan.id', 'scan.status', 'scan.request', 'scan.plan', 'scan.network_id', 'network.name'])
    .select(['scan.started_at', 'scan.ended_at'])
    .where('scan.subscription_id', '=', scope.subscriptionId)
    .where('scan.id', '=', scanId)
    .executeTakeFirst();
}

/** The network has the address registered, as things are now. */
export async function isRegistered(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
  address: string,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ${seen(scope, 'network_range')} where subscription_id = ${scope.subscriptionId} and network_id = ${networkId}
      and kind = 'range' and first_address <= ${address}::inet and last_address >= ${address}::inet limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** The text of a block (`10.0.0.0-10.0.0.255` or one address) holds the address. */
function holds(block: ReturnType<typeof sql>, address: string) {
  return sql<boolean>`split_part(${block}, '-', 1)::inet <= ${address}::inet
    and reverse(split_part(reverse(${block}), '-', 1))::inet >= ${address}::inet`;
}

/** The slice of a seen job that holds the address. */
export async function sliceOf(scope: AccessScope, db: Kysely<Schema>, scanId: number, address: string) {
  const { rows } = await sql<{
    id: number;
    number: number;
    state: 'pending' | 'leased' | 'done' | 'cancelled';
    attempt: number;
    givenBack: number;
    reason: string | null;
    detail: string | null;
    claimedBy: readonly number[];
    block: string;
  }>`
    select slice.id, number, state, attempt, given_back as "givenBack", reason, detail, to_json(claimed_by) as "claimedBy", block.value as block
    from ${seen(scope, 'slice')}, jsonb_array_elements_text(slice.blocks) as block
    where slice.subscription_id = ${scope.subscriptionId} and slice.scan_id = ${scanId} and ${holds(sql`block.value`, address)}
    limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Leases of a slice, newest first, with the appliances that the caller sees. */
export async function leasesOfSlice(scope: AccessScope, db: Kysely<Schema>, sliceId: number) {
  return db
    .selectFrom(seen(scope, 'slice_lease'))
    .leftJoin(seen(scope, 'appliance'), (join) =>
      join
        .onRef('appliance.subscription_id', '=', 'slice_lease.subscription_id')
        .onRef('appliance.id', '=', 'slice_lease.appliance_id'),
    )
    .select(['slice_lease.attempt', 'slice_lease.granted_at', 'appliance.name'])
    .where('slice_lease.subscription_id', '=', scope.subscriptionId)
    .where('slice_lease.slice_id', '=', sliceId)
    .orderBy('slice_lease.attempt', 'desc')
    .limit(told)
    .execute();
}

/** Discovery of the block that holds the address, and the phases of the host itself. */
export async function unitsOf(
  scope: AccessScope,
  db: Kysely<Schema>,
  scanId: number,
  of: { readonly address: string; readonly block: string },
) {
  const { rows } = await sql<{
    phase: string;
    subject: string;
    state: 'pending' | 'leased' | 'running' | 'done' | 'not-evaluable' | 'cancelled';
    reason: string | null;
    detail: string | null;
    counts: unknown;
    coverage: unknown;
    probes: unknown;
    at: Date;
  }>`
    select phase, subject, state, reason, detail, counts, coverage, probes, updated_at as at from ${seen(scope, 'unit')}
    where unit.subscription_id = ${scope.subscriptionId} and unit.scan_id = ${scanId}
      and ((phase = 'discovery' and subject = ${of.block}) or unit.address = ${of.address}::inet)`.execute(db);
  return rows;
}

/** Facts about a host of a seen job: that it is there, and its open ports. */
export async function factsOfHost(scope: AccessScope, db: Kysely<Schema>, scanId: number, address: string) {
  const { rows } = await sql<{ event: unknown }>`
    select scan_fact.event from ${seen(scope, 'scan_fact')}
    where scan_fact.subscription_id = ${scope.subscriptionId} and scan_fact.scan_id = ${scanId}
      and scan_fact.address = ${address}::inet and type in ('host', 'port') order by scan_fact.port`.execute(db);
  return rows.map((row) => row.event);
}

/** Notes about a host, and about the slice that holds it as a whole. */
export async function notesOf(
  scope: AccessScope,
  db: Kysely<Schema>,
  scanId: number,
  of: { readonly address: string; readonly sliceId: number },
) {
  const { rows } = await sql<{ at: Date; level: string; message: string; ofHost: boolean }>`
    select at, level, message, scan_note.address is not null as "ofHost" from ${seen(scope, 'scan_note')}
    where scan_note.subscription_id = ${scope.subscriptionId} and scan_note.scan_id = ${scanId}
      and (scan_note.address = ${of.address}::inet or (scan_note.address is null and scan_note.slice_id in (0, ${of.sliceId})))
    order by at desc limit ${told}`.execute(db);
  return rows;
}

/** Names of the appliances with these ids, as far as the caller sees them. */
export async function applianceNames(scope: AccessScope, db: Kysely<Schema>, ids: readonly number[]) {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom(seen(scope, 'appliance'))
    .select('name')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', [...ids])
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}

/** Whether the asset at the address has the tag now. */
export async function isTagged(
  scope: AccessScope,
  db: Kysely<Schema>,
  of: { readonly networkId: number; readonly address: string },
  tag: StoredTag,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ${seen(scope, 'asset')} where asset.subscription_id = ${scope.subscriptionId} and asset.network_id = ${of.networkId}
      and asset.address = ${of.address}::inet and ${hasTag(tag)} limit 1`.execute(db);
  return rows.length > 0;
}
