import { canonicalIp } from '@picket/base/ip';
import { ledgerRow } from '@picket/contracts/api/scan';
import { notEvaluableReason } from '@picket/contracts/event';
import { phase } from '@picket/contracts/primitive';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { seen, underSeen } from '../server/access/seen.ts';
import type { Viewer } from '../server/access/sight.ts';
import type { Schema } from '../storage/schema.ts';

export type LedgerRow = z.output<typeof ledgerRow>;

const unitsJson = z.array(
  z.object({
    phase,
    state: ledgerRow.shape.units.element.shape.state,
    reason: z.string().nullable(),
    detail: z.string().nullable(),
  }),
);
const namesJson = z.array(z.object({ name: z.string() })).catch([]);

const order = phase.options;

function shownUnits(value: unknown): LedgerRow['units'] {
  return unitsJson
    .parse(value ?? [])
    .map((unit) => ({
      ...unit,
      reason: unit.reason === null ? null : notEvaluableReason.catch('internal-error').parse(unit.reason),
    }))
    .sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
}

/** Rows of the live grid for these hosts of a job, by address. */
export async function hostRows(
  scope: Viewer,
  db: Kysely<Schema>,
  scanId: number,
  addresses: readonly string[],
): Promise<readonly LedgerRow[]> {
  if (addresses.length === 0) return [];
  const { rows } = await sql<{
    subject: string;
    units: unknown;
    assetId: number | null;
    names: unknown;
    openPorts: number;
    info: number;
    low: number;
    medium: number;
    high: number;
    critical: number;
  }>`
    with given as (select value::inet as address from json_array_elements_text(${JSON.stringify(addresses)}::json))
    select host(given.address) as subject, asset.id as "assetId", asset.names,
      (select json_agg(json_build_object('phase', unit.phase, 'state', unit.state, 'reason', unit.reason, 'detail', unit.detail)) from ${underSeen('unit')}
        where unit.subscription_id = ${scope.subscriptionId} and unit.scan_id = ${scanId} and unit.address = given.address) as units,
      f."openPorts", f.info, f.low, f.medium, f.high, f.critical
    from given
    join ${seen(scope, 'scan')} on scan.subscription_id = ${scope.subscriptionId} and scan.id = ${scanId}
    left join ${seen(scope, 'asset')} on asset.subscription_id = scan.subscription_id and asset.network_id = scan.network_id and asset.address = given.address
    cross join lateral (
      select count(*) filter (where type = 'port' and event ->> 'state' = 'open') as "openPorts",
        count(*) filter (where event ->> 'severity' = 'info') as info, count(*) filter (where event ->> 'severity' = 'low') as low,
        count(*) filter (where event ->> 'severity' = 'medium') as medium, count(*) filter (where event ->> 'severity' = 'high') as high,
        count(*) filter (where event ->> 'severity' = 'critical') as critical
      from ${underSeen('scan_fact')} where subscription_id = ${scope.subscriptionId} and scan_id = ${scanId} and scan_fact.address = given.address
        and type in ('port', 'finding')) f
    order by given.address`.execute(db);
  return rows.map((row) => ({
    subject: canonicalIp(row.subject) ?? row.subject,
    kind: 'host',
    names: [...new Set(namesJson.parse(row.names ?? []).map((one) => one.name))],
    assetId: row.assetId,
    units: shownUnits(row.units),
    openPorts: row.openPorts,
    findings: { info: row.info, low: row.low, medium: row.medium, high: row.high, critical: row.critical },
  }));
}

/** Rows of these blocks of a job. */
export async function blockRows(
  scope: Viewer,
  db: Kysely<Schema>,
  scanId: number,
  subjects: readonly string[],
): Promise<readonly LedgerRow[]> {
  if (subjects.length === 0) return [];
  const rows = await db
    .selectFrom(seen(scope, 'unit'))
    .select(['subject', 'phase', 'state', 'reason', 'detail'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scanId)
    .where('phase', '=', 'discovery')
    .where('subject', 'in', subjects)
    .execute();
  const found = new Map(rows.map((row) => [row.subject, row]));
  return subjects.flatMap((subject) => {
    const row = found.get(subject);
    if (!row) return [];
    const { phase: _, ...unit } = row;
    return [
      {
        subject,
        kind: 'block' as const,
        names: [],
        assetId: null,
        units: shownUnits([{ phase: 'discovery', state: unit.state, reason: unit.reason, detail: unit.detail }]),
        openPorts: 0,
        findings: { info: 0, low: 0, medium: 0, high: 0, critical: 0 },
      },
    ];
  });
}
