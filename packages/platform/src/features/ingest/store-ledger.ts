import { type Kysely, sql } from 'kysely';
import { closeUnits, type LockedScan } from '../../jobs/settle-scan.ts';
import type { Schema } from '../../storage/schema.ts';
import type { Fact, FoldedScan, SliceEnding, UnitChange } from './domain/fold-types.ts';
import type { FoldTarget } from './store-inventory.ts';

/** Writes unit changes. What was evaluated stays evaluated, whatever a superseded lease says later. */
export async function storeUnits(
  target: FoldTarget,
  trx: Kysely<Schema>,
  units: readonly UnitChange[],
  now: Date,
): Promise<void> {
  if (units.length === 0) return;
  const rows = units.map(({ sliceId, phase, subject, address, state, reason, detail, counts }) => ({
    slice_id: sliceId,
    phase,
    subject,
    address,
    state,
    reason,
    detail,
    counts,
  }));
  await sql`
    insert into unit (subscription_id, scan_id, phase, subject, slice_id, address, state, reason, detail, counts, updated_at)
    select ${target.subscriptionId}, ${target.scanId}, phase, subject, slice_id, address, state, reason, detail, counts, ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (phase text, subject text, slice_id bigint, address inet, state text, reason text, detail text, counts jsonb)
    on conflict (subscription_id, scan_id, phase, subject) do update set
      state = excluded.state, reason = excluded.reason, detail = excluded.detail, counts = excluded.counts, updated_at = excluded.updated_at
    where case when excluded.state = 'pending' then false
      when unit.state = 'done' then excluded.state = 'done'
      when unit.state = 'not-evaluable' then excluded.state in ('done', 'not-evaluable')
      when unit.state = 'cancelled' then excluded.state <> 'running'
      else true end`.execute(trx);
}

/** One row a fact; the newer report of the same fact stands. */
export async function storeFacts(target: FoldTarget, trx: Kysely<Schema>, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const rows = facts.map(({ key, sliceId, event }) => ({
    key,
    slice_id: sliceId,
    type: event.type,
    address: event.address,
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
