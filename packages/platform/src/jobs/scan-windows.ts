import { timeWindowRequest } from '@picket/contracts/api/time-window';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import { type HoursOf, type NamedWindow, type ScanHours, scanHours } from './domain/scan-hours.ts';
import type { TenantScope } from './settle-scan.ts';

interface WindowRow {
  readonly id: number;
  readonly name: string;
  readonly kind: 'allow' | 'blackout';
  readonly zone: string;
  readonly weekly: unknown;
  readonly dates: unknown;
}

/** A window as it is kept. */
export function storedWindow(row: WindowRow): NamedWindow {
  const { name, kind, zone } = row;
  const { weekly, dates } = timeWindowRequest.shape;
  return { name, kind, zone, weekly: weekly.parse(row.weekly), dates: dates.parse(row.dates) };
}

/** Blackouts that hold for every job. */
export async function blackoutsEverywhere(scope: TenantScope, db: Kysely<Schema>): Promise<readonly NamedWindow[]> {
  const rows = await db
    .selectFrom('time_window')
    .select(['id', 'name', 'kind', 'zone', 'weekly', 'dates'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('everywhere', '=', true)
    .orderBy('id')
    .execute();
  return rows.map(storedWindow);
}

/** The windows with these ids; those that are not there are left out. */
export async function windowsById(
  scope: TenantScope,
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, NamedWindow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('time_window')
    .select(['id', 'name', 'kind', 'zone', 'weekly', 'dates'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, storedWindow(row)]));
}

/** The hours of jobs at a moment. */
export async function hoursOfScans(
  scope: TenantScope,
  db: Kysely<Schema>,
  scanIds: readonly number[],
  now: number,
): Promise<ReadonlyMap<number, ScanHours>> {
  const bounds = await boundsOfScans(scope, db, scanIds);
  return new Map([...bounds].map(([id, of]) => [id, scanHours(of, now)]));
}

/** What bounds the hours of jobs. */
export async function boundsOfScans(
  scope: TenantScope,
  db: Kysely<Schema>,
  scanIds: readonly number[],
): Promise<ReadonlyMap<number, HoursOf>> {
  if (scanIds.length === 0) return new Map();
  const everywhere = await blackoutsEverywhere(scope, db);
  const { rows: own } = await sql<WindowRow & { scanId: number }>`
    select scan_window.scan_id as "scanId", w.id, w.name, w.kind, w.zone, w.weekly, w.dates from scan_window
    join time_window w on w.subscription_id = scan_window.subscription_id and w.id = scan_window.window_id
    where scan_window.subscription_id = ${scope.subscriptionId} and scan_window.scan_id in (${sql.join([...scanIds])}) and not w.everywhere
    order by w.id`.execute(db);
  const scans = await db
    .selectFrom('scan')
    .select(['id', 'run_limit_minutes', 'running_since', 'hold_until'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', 'in', [...scanIds])
    .execute();
  return new Map(
    scans.map((scan) => [
      scan.id,
      {
        windows: [...own.filter(({ scanId }) => scanId === scan.id).map(storedWindow), ...everywhere],
        holdUntil: scan.hold_until?.getTime() ?? null,
        longestMs: scan.run_limit_minutes === null ? null : scan.run_limit_minutes * 60_000,
        runningSince: scan.running_since?.getTime() ?? null,
      },
    ]),
  );
}
