import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../storage/schema.ts';
import { type ChangedDetection, foldDetections, type KnownDetection } from './domain/fold-detections.ts';
import type { FoldedScan } from './domain/fold-types.ts';
import type { FoldTarget } from './store-inventory.ts';

/** Ids of detections that are new or came back. */
export type RaisedDetections = readonly number[];

/** Applies what a fold says about detections and keeps their history. */
export async function storeDetections(
  target: FoldTarget,
  trx: Kysely<Schema>,
  folded: FoldedScan,
  assetIds: ReadonlyMap<string, number>,
): Promise<RaisedDetections> {
  const observed = folded.observations.flatMap(
    (one) => assetIds.get('event' in one ? one.event.address : one.address) ?? [],
  );
  if (observed.length === 0) return [];
  const known = await knownDetections(target, trx, [...new Set(observed)]);
  const changes = foldDetections(known, folded.observations, assetIds, target.scanId);
  if (changes.length === 0) return [];
  const identified = await withIds(trx, changes);
  await insertNew(
    target,
    trx,
    identified.filter((one) => one.isNew),
  );
  await updateKnown(
    target,
    trx,
    identified.filter((one) => !one.isNew),
  );
  await insertHistory(target, trx, identified);
  return identified
    .filter((one) => one.change.steps.some((step) => step.to === 'new' || step.to === 'reopened'))
    .map((one) => one.id);
}

async function knownDetections(
  target: FoldTarget,
  trx: Kysely<Schema>,
  assetIds: readonly number[],
): Promise<readonly KnownDetection[]> {
  const rows = await trx
    .selectFrom('detection')
    .select([
      'id',
      'asset_id',
      'check_id',
      'protocol',
      'port',
      'instance',
      'status',
      'first_seen',
      'last_seen',
      'last_tested',
    ])
    .select(['fixed_at', 'times_found', 'not_evaluable', 'scan_id'])
    .where('subscription_id', '=', target.subscriptionId)
    .where('asset_id', 'in', assetIds)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    place: {
      assetId: row.asset_id,
      checkId: row.check_id,
      protocol: row.protocol,
      port: row.port,
      instance: row.instance,
    },
    state: {
      status: row.status,
      firstSeen: row.first_seen.getTime(),
      lastSeen: row.last_seen.getTime(),
      lastTested: row.last_tested.getTime(),
      fixedAt: row.fixed_at?.getTime() ?? null,
      timesFound: row.times_found,
      notEvaluable: row.not_evaluable,
      scanId: row.scan_id,
    },
  }));
}

interface Identified {
  readonly id: number;
  readonly isNew: boolean;
  readonly change: ChangedDetection;
}

async function withIds(trx: Kysely<Schema>, changes: readonly ChangedDetection[]): Promise<readonly Identified[]> {
  const fresh = changes.filter((change) => change.id === null).length;
  const { rows } = await sql<{
    id: number;
  }>`select nextval('detection_id') as id from generate_series(1, ${fresh}::integer)`.execute(trx);
  const ids = rows.map((row) => row.id);
  return changes.flatMap((change) => {
    const id = change.id ?? ids.shift();
    return id === undefined ? [] : [{ id, isNew: change.id === null, change }];
  });
}

function rowOf({ id, change }: Identified) {
  const { place, state, content } = change;
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    id,
    asset_id: place.assetId,
    check_id: place.checkId,
    protocol: place.protocol,
    port: place.port,
    instance: place.instance,
    name: content?.name,
    severity: content?.severity,
    severity_rank: content?.severityRank,
    proof: content?.proof,
    evidence: content?.evidence,
    content_version: content?.contentVersion,
    status: state.status,
    first_seen: time(state.firstSeen),
    last_seen: time(state.lastSeen),
    last_tested: time(state.lastTested),
    fixed_at: time(state.fixedAt),
    times_found: state.timesFound,
    not_evaluable: state.notEvaluable,
    scan_id: state.scanId,
  };
}

const columns =
  sql.raw(`id bigint, asset_id bigint, check_id text, protocol text, port integer, instance text, name text, severity text,
  severity_rank smallint, proof text, evidence jsonb, content_version text, status text, first_seen timestamptz, last_seen timestamptz,
  last_tested timestamptz, fixed_at timestamptz, times_found integer, not_evaluable text, scan_id bigint`);

async function insertNew(target: FoldTarget, trx: Kysely<Schema>, rows: readonly Identified[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into detection (subscription_id, id, asset_id, check_id, protocol, port, instance, name, severity, severity_rank, proof,
      evidence, content_version, status, first_seen, last_seen, last_tested, fixed_at, times_found, not_evaluable, scan_id)
    select ${target.subscriptionId}, id, asset_id, check_id, protocol, port, instance, name, severity, severity_rank, proof,
      evidence, content_version, status, first_seen, last_seen, last_tested, fixed_at, times_found, not_evaluable, scan_id
    from json_to_recordset(${JSON.stringify(rows.map(rowOf))}::json) as given (${columns})`.execute(trx);
}

async function updateKnown(target: FoldTarget, trx: Kysely<Schema>, rows: readonly Identified[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update detection set status = given.status, first_seen = given.first_seen, last_seen = given.last_seen,
      last_tested = given.last_tested, fixed_at = given.fixed_at, times_found = given.times_found,
      not_evaluable = given.not_evaluable, scan_id = given.scan_id, name = coalesce(given.name, detection.name),
      severity = coalesce(given.severity, detection.severity), severity_rank = coalesce(given.severity_rank, detection.severity_rank),
      proof = coalesce(given.proof, detection.proof), evidence = coalesce(given.evidence, detection.evidence),
      content_version = coalesce(given.content_version, detection.content_version)
    from json_to_recordset(${JSON.stringify(rows.map(rowOf))}::json) as given (${columns})
    where detection.subscription_id = ${target.subscriptionId} and detection.id = given.id`.execute(trx);
}

/** One row a step; two steps of one detection at one moment are told apart by a millisecond. */
async function insertHistory(target: FoldTarget, trx: Kysely<Schema>, changed: readonly Identified[]): Promise<void> {
  const rows = changed.flatMap(({ id, change }) =>
    change.steps.map((step, index) => ({
      id,
      at: new Date(step.at + index).toISOString(),
      from_status: step.from,
      to_status: step.to,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into detection_history (subscription_id, detection_id, at, scan_id, from_status, to_status)
    select ${target.subscriptionId}, id, at, ${target.scanId}, from_status, to_status
    from json_to_recordset(${JSON.stringify(rows)}::json) as given (id bigint, at timestamptz, from_status text, to_status text)
    on conflict do nothing`.execute(trx);
}

/** Hosts of discovered blocks that did not show: what was open on them could not be tested by this scan. */
export async function markSilent(target: FoldTarget, trx: Kysely<Schema>, blocks: readonly string[]): Promise<void> {
  if (blocks.length === 0) return;
  const rows = blocks.map((block) => {
    const [first = block, last = first] = block.split('-');
    return { first, last };
  });
  await sql`
    update detection set not_evaluable = 'host-silent'
    from asset, json_to_recordset(${JSON.stringify(rows)}::json) as block (first inet, last inet)
    where detection.subscription_id = ${target.subscriptionId} and detection.status <> 'fixed'
      and (detection.scan_id is null or detection.scan_id < ${target.scanId})
      and asset.subscription_id = detection.subscription_id and asset.id = detection.asset_id and asset.network_id = ${target.networkId}
      and asset.address between block.first and block.last
      and not exists (select 1 from scan_fact f where f.subscription_id = detection.subscription_id and f.scan_id = ${target.scanId}
        and f.address = asset.address and f.type = 'host' and f.event ->> 'state' = 'up')`.execute(trx);
}
