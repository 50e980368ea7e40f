import { hostEvent } from '@picket/contracts/event';
import { mapLimits } from '@picket/contracts/map/map-result';
import { type Kysely, sql } from 'kysely';
import { giveBack } from '../../jobs/give-back.ts';
import { closeUnits, type LockedScan } from '../../jobs/settle-scan.ts';
import type { Schema } from '../../storage/schema.ts';
import { mergedFact } from './domain/fold-scan.ts';
import type { Fact, FactEvent, FoldedScan, SliceEnding, UnitChange } from './domain/fold-types.ts';
import type { FoldTarget } from './store-inventory.ts';

/** Writes unit changes. What was evaluated stays evaluated, whatever a superseded lease says later. */
export async function storeUnits(
  target: FoldTarget,
  trx: Kysely<Schema>,
  units: readonly UnitChange[],
  now: Date,
): Promise<void> {
  if (units.length === 0) return;
  const rows = units.map(({ sliceId, phase, subject, address, state, reason, detail, counts, coverage }) => ({
    slice_id: sliceId,
    phase,
    subject,
    address,
    state,
    reason,
    detail,
    counts,
    coverage,
  }));
  await sql`
    insert into unit (subscription_id, scan_id, phase, subject, slice_id, address, state, reason, detail, counts, coverage, updated_at)
    select ${target.subscriptionId}, ${target.scanId}, phase, subject, slice_id, address, state, reason, detail, counts, coverage, ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (phase text, subject text, slice_id bigint, address inet, state text, reason text, detail text, counts jsonb, coverage jsonb)
    on conflict (subscription_id, scan_id, phase, subject) do update set
      state = excluded.state, reason = excluded.reason, detail = excluded.detail, counts = excluded.counts, coverage = excluded.coverage, updated_at = excluded.updated_at
    where case when excluded.state = 'pending' then false
      when unit.state = 'done' then excluded.state = 'done'
      when unit.state = 'not-evaluable' then excluded.state in ('done', 'not-evaluable')
      when unit.state = 'cancelled' then excluded.state <> 'running'
      else true end`.execute(trx);
}

/**
 * One row a fact; the newer report of the same fact stands, and reports about a host add up. The caller holds the lock of the
 * job, so nobody changes a host between the look at it and the write.
 */
export async function storeFacts(target: FoldTarget, trx: Kysely<Schema>, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const known = await knownHosts(target, trx, facts);
  const bounded = await boundNetworks(target, trx, facts);
  const rows = bounded
    .map((fact) => ({ ...fact, event: mergedFact(known.get(fact.key), fact.event) }))
    .map(({ key, sliceId, event }) => ({
      key,
      slice_id: sliceId,
      type: event.type,
      address: 'address' in event ? event.address : undefined,
      port: 'port' in event ? event.port : undefined,
      event,
      at: event.time,
    }));
  await sql`
    insert into scan_fact (subscription_id, scan_id, key, slice_id, type, address, port, event, at)
    select ${target.subscriptionId}, ${target.scanId}, key, slice_id, type, address, port, event, at
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (key text, slice_id bigint, type text, address inet, port integer, event jsonb, at timestamptz)
    on conflict (subscription_id, scan_id, key) do update set
      slice_id = excluded.slice_id, address = excluded.address, port = excluded.port, event = excluded.event, at = excluded.at
    where excluded.at >= scan_fact.at`.execute(trx);
}

/** Says that the job's facts are others now. */
export async function markRevision(target: FoldTarget, trx: Kysely<Schema>): Promise<void> {
  await trx
    .updateTable('scan')
    .set((eb) => ({ fact_revision: eb('fact_revision', '+', 1) }))
    .where('subscription_id', '=', target.subscriptionId)
    .where('id', '=', target.scanId)
    .execute();
}

/** What the job already knows of the hosts that these facts report. */
async function knownHosts(
  target: FoldTarget,
  trx: Kysely<Schema>,
  facts: readonly Fact[],
): Promise<ReadonlyMap<string, FactEvent>> {
  const keys = facts.flatMap((fact) => (fact.event.type === 'host' ? [fact.key] : []));
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ key: string; event: unknown }>`
    select known.key, known.event from json_array_elements_text(${JSON.stringify(keys)}::json) as given (key)
    join scan_fact known on known.subscription_id = ${target.subscriptionId} and known.scan_id = ${target.scanId}
      and known.key = given.key`.execute(trx);
  return new Map(rows.map((row) => [row.key, hostEvent.parse(row.event)]));
}

/** Networks are bounded by nothing but the appliance that reports them, so a job keeps only so many. */
async function boundNetworks(
  target: FoldTarget,
  trx: Kysely<Schema>,
  facts: readonly Fact[],
): Promise<readonly Fact[]> {
  const given = facts.filter((fact) => fact.event.type === 'network').map((fact) => fact.key);
  if (given.length === 0) return facts;
  const { rows } = await sql<{ key: string }>`
    select key from scan_fact where subscription_id = ${target.subscriptionId} and scan_id = ${target.scanId} and type = 'network'`.execute(
    trx,
  );
  const known = new Set(rows.map((row) => row.key));
  const fresh = given.filter((key) => !known.has(key));
  const refused = new Set(fresh.slice(Math.max(0, mapLimits.networks - known.size)));
  return refused.size === 0 ? facts : facts.filter((fact) => !refused.has(fact.key));
}

export async function storeNotes(target: FoldTarget, trx: Kysely<Schema>, folded: FoldedScan): Promise<void> {
  const rows = folded.notes.map(({ sliceId, seq, event }) => {
    const { time, level, code, message, address } = event;
    return { slice_id: sliceId, seq, at: time, level, code, message, address };
  });
  if (rows.length === 0) return;
  await sql`
    insert into scan_note (subscription_id, scan_id, slice_id, seq, at, level, code, message, address)
    select ${target.subscriptionId}, ${target.scanId}, slice_id, seq, at, level, code, message, address
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (slice_id bigint, seq bigint, at timestamptz, level text, code text, message text, address inet)
    on conflict do nothing`.execute(trx);
}

/** Cumulative figures of each lease. */
export async function storeSent(target: FoldTarget, trx: Kysely<Schema>, folded: FoldedScan): Promise<void> {
  const rows = folded.sent.map(({ sliceId, leaseId, event }) => {
    const { type: _type, unit: _unit, time: _time, ...figures } = event;
    return { slice_id: sliceId, sent: { [leaseId]: figures } };
  });
  for (const row of rows) {
    await sql`
      update slice set sent = sent || ${JSON.stringify(row.sent)}::jsonb
      where subscription_id = ${target.subscriptionId} and id = ${row.slice_id}`.execute(trx);
  }
}

/** Ends slices whose current lease came to its end. The end of a superseded lease ends nothing. True when one ended. */
export async function endSlices(
  target: FoldTarget,
  trx: Kysely<Schema>,
  endings: readonly SliceEnding[],
  scan: LockedScan,
  now: Date,
): Promise<boolean> {
  let ended = false;
  for (const ending of endings) {
    const cancelled = scan.status === 'canceling' && ending.outcome !== 'complete';
    if (!cancelled && ending.outcome === 'stopped' && ending.reason === 'window-closed') {
      if (await giveBack(target, trx, ending, now)) ended = true;
      continue;
    }
    const { rows } = await sql<{ id: number }>`
      update slice set state = ${cancelled ? 'cancelled' : 'done'}, outcome = ${ending.outcome}, reason = ${ending.reason},
        detail = ${ending.detail}, expires_at = null, reported = null, rate = null,
        sent = case when sent ? ${ending.leaseId}::text then jsonb_set(sent, array[${ending.leaseId}::text, 'rate'], '0') else sent end
      where subscription_id = ${target.subscriptionId} and id = ${ending.sliceId} and lease_id = ${ending.leaseId} and state = 'leased'
      returning id`.execute(trx);
    if (rows.length === 0) continue;
    ended = true;
    const reason = cancelled
      ? 'cancelled'
      : (ending.reason ?? (ending.outcome === 'stopped' ? 'cancelled' : 'internal-error'));
    const state = cancelled || ending.outcome === 'stopped' ? 'cancelled' : 'not-evaluable';
    await closeUnits(target, trx, ending.sliceId, { state, reason, detail: ending.detail, now });
  }
  return ended;
}
