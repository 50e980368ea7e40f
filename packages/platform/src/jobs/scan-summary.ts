import { isoTime } from '@picket/base/clock';
import { scanRequest, type ScanSummary } from '@picket/contracts/api/scan';
import type { Phase } from '@picket/plan/phase';
import { type Kysely, sql } from 'kysely';
import { seen, underSeen } from '../server/access/seen.ts';
import type { Viewer } from '../server/access/sight.ts';
import type { ScanStatusColumn } from '../storage/tables/scan.ts';
import type { Schema } from '../storage/schema.ts';
import { isOnline } from './domain/presence.ts';
import { progressOf } from './domain/progress.ts';
import { waitingReason } from './domain/waiting-reason.ts';
import { heldReason, standingHold } from './hold.ts';
import { hoursOfScans } from './scan-windows.ts';
import { storedPlan } from './stored-plan.ts';

/** How far back the pace is looked at. */
const lookBackMs = 60_000;

interface ScanRow {
  readonly id: number;
  readonly kind: 'map' | 'scan';
  readonly title: string;
  readonly status: ScanStatusColumn;
  readonly status_reason: string | null;
  readonly complete: boolean | null;
  readonly network_id: number;
  readonly network_name: string;
  readonly request: unknown;
  readonly plan: unknown;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly created_by: string;
}

interface PhaseRow {
  readonly scanId: number;
  readonly phase: Phase;
  readonly pending: number;
  readonly running: number;
  readonly done: number;
  readonly notEvaluable: number;
  readonly cancelled: number;
  readonly endedBefore: number;
}

interface FactRow {
  readonly scanId: number;
  readonly hostsUp: number;
  readonly openPorts: number;
  readonly info: number;
  readonly low: number;
  readonly medium: number;
  readonly high: number;
  readonly critical: number;
}

/** Summaries of jobs, in the order of the ids; those that are not there are left out. */
export async function scanSummaries(
  scope: Viewer,
  db: Kysely<Schema>,
  ids: readonly number[],
  now: number,
): Promise<readonly ScanSummary[]> {
  if (ids.length === 0) return [];
  const list = sql`(${sql.join(ids)})`;
  const scans = await sql<ScanRow>`
    select scan.*, network.name as network_name from ${seen(scope, 'scan')}
    join ${seen(scope, 'network')} on network.subscription_id = scan.subscription_id and network.id = scan.network_id
    where scan.subscription_id = ${scope.subscriptionId} and scan.id in ${list}`.execute(db);
  if (scans.rows.length === 0) return [];
  const found = sql`(${sql.join(scans.rows.map((row) => row.id))})`;
  const phases = await sql<PhaseRow>`
    select scan_id as "scanId", phase, count(*) filter (where state in ('pending', 'leased')) as pending,
      count(*) filter (where state = 'running') as running, count(*) filter (where state = 'done') as done,
      count(*) filter (where state = 'not-evaluable') as "notEvaluable", count(*) filter (where state = 'cancelled') as cancelled,
      count(*) filter (where state in ('done', 'not-evaluable', 'cancelled') and updated_at < ${new Date(now - lookBackMs)}) as "endedBefore"
    from ${underSeen('unit')} where subscription_id = ${scope.subscriptionId} and scan_id in ${found} group by scan_id, phase`.execute(
    db,
  );
  const facts = await sql<FactRow>`
    select scan_id as "scanId", count(*) filter (where type = 'host' and event ->> 'state' = 'up') as "hostsUp",
      count(*) filter (where type = 'port' and event ->> 'state' = 'open') as "openPorts",
      count(*) filter (where event ->> 'severity' = 'info') as info, count(*) filter (where event ->> 'severity' = 'low') as low,
      count(*) filter (where event ->> 'severity' = 'medium') as medium, count(*) filter (where event ->> 'severity' = 'high') as high,
      count(*) filter (where event ->> 'severity' = 'critical') as critical
    from ${underSeen('scan_fact')} where subscription_id = ${scope.subscriptionId} and scan_id in ${found} and type in ('host', 'port', 'finding')
    group by scan_id`.execute(db);
  const hold = await standingHold(scope, db);
  const byId = new Map(scans.rows.map((row) => [row.id, row]));
  const going = scans.rows.filter((row) => row.status === 'queued' || row.status === 'running').map((row) => row.id);
  const hours = await hoursOfScans(scope, db, going, now);
  const summaries: ScanSummary[] = [];
  for (const id of ids) {
    const row = byId.get(id);
    if (!row) continue;
    const own = phases.rows.filter((one) => one.scanId === id);
    const seen = facts.rows.find((one) => one.scanId === id);
    const open = row.status === 'queued' || row.status === 'running';
    const shut = hours.get(id);
    const reason = hold ? heldReason(hold) : shut?.open === false ? shut.reason : null;
    const waiting = open ? (reason ?? (await whyNobody(scope, db, row, now))) : null;
    summaries.push(summaryOf(row, own, seen, row.status_reason ?? waiting, now));
  }
  return summaries;
}

function summaryOf(
  row: ScanRow,
  rows: readonly PhaseRow[],
  facts: FactRow | undefined,
  reason: string | null,
  now: number,
): ScanSummary {
  const plan = storedPlan.parse(row.plan);
  const phases = plan.phases.map((phase) => {
    const found = rows.find((one) => one.phase === phase);
    const { pending, running, done, notEvaluable, cancelled, endedBefore } = found ?? zeroPhase;
    return { phase, pending, running, done, notEvaluable, cancelled, endedBefore };
  });
  const counts = phases.map((one) => {
    const ended = one.done + one.notEvaluable + one.cancelled;
    return { phase: one.phase, total: ended + one.pending + one.running, ended, endedBefore: one.endedBefore };
  });
  const ran = row.started_at === null ? 0 : (now - row.started_at.getTime()) / 1000;
  const { progress, etaSeconds } = progressOf(counts, Math.min(lookBackMs / 1000, ran));
  const ended = row.ended_at !== null;
  // Everything was excluded before anything was done.
  const isEmpty = ended && counts.every((one) => one.total === 0);
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    statusReason: reason,
    complete: row.complete,
    networkId: row.network_id,
    networkName: row.network_name,
    targets: scanRequest.shape.targets.parse(Reflect.get(Object(row.request), 'targets')).slice(0, 2000),
    createdAt: isoTime(row.created_at.getTime()),
    startedAt: row.started_at && isoTime(row.started_at.getTime()),
    endedAt: row.ended_at && isoTime(row.ended_at.getTime()),
    createdBy: row.created_by,
    progress: isEmpty ? 0 : row.status === 'finished' ? 1 : progress,
    etaSeconds: ended || row.status !== 'running' ? null : etaSeconds,
    phases: phases.map(({ phase, pending, running, done, notEvaluable, cancelled }) => ({
      phase,
      pending,
      running,
      done,
      notEvaluable,
      cancelled,
    })),
    hostsUp: facts?.hostsUp ?? 0,
    openPorts: facts?.openPorts ?? 0,
    findings: {
      info: facts?.info ?? 0,
      low: facts?.low ?? 0,
      medium: facts?.medium ?? 0,
      high: facts?.high ?? 0,
      critical: facts?.critical ?? 0,
    },
  };
}

const zeroPhase = { pending: 0, running: 0, done: 0, notEvaluable: 0, cancelled: 0, endedBefore: 0 };

/** Why a job with nothing leased does not move. */
async function whyNobody(scope: Viewer, db: Kysely<Schema>, scan: ScanRow, now: number): Promise<string | null> {
  const held = await db
    .selectFrom(underSeen('slice'))
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scan.id)
    .where('state', '=', 'leased')
    .limit(1)
    .executeTakeFirst();
  if (held) return null;
  const candidates = await candidatesFor(
    scope,
    db,
    { networkId: scan.network_id, scanId: scan.id, applianceIds: [] },
    now,
  );
  const chosen = await db
    .selectFrom(underSeen('scan_appliance'))
    .select('appliance_id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('scan_id', '=', scan.id)
    .limit(1)
    .executeTakeFirst();
  return waitingReason(scan.network_name, candidates, chosen !== undefined);
}

export interface CandidateAppliance {
  readonly id: number;
  readonly name: string;
  readonly state: 'provisioned' | 'active' | 'revoked' | 'suspect';
  readonly online: boolean;
  readonly lastContact: string | null;
}

/** Appliances of a network that may run a job: those chosen for it (or given), else all. */
export async function candidatesFor(
  scope: Viewer,
  db: Kysely<Schema>,
  job: { readonly networkId: number; readonly scanId: number | null; readonly applianceIds: readonly number[] },
  now: number,
): Promise<readonly CandidateAppliance[]> {
  const rows = await db
    .selectFrom(seen(scope, 'appliance'))
    .innerJoin(underSeen('appliance_network'), (join) =>
      join
        .onRef('appliance_network.subscription_id', '=', 'appliance.subscription_id')
        .onRef('appliance_network.appliance_id', '=', 'appliance.id'),
    )
    .select(['appliance.id', 'appliance.name', 'appliance.state', 'appliance.last_contact', 'appliance.connection'])
    .select(['appliance.poll_interval_seconds', 'appliance.heartbeat_seconds'])
    .select((eb) =>
      eb
        .selectFrom(underSeen('scan_appliance'))
        .select(({ fn }) => fn.countAll<number>().as('chosen'))
        .where('scan_appliance.subscription_id', '=', scope.subscriptionId)
        .where('scan_appliance.scan_id', '=', job.scanId ?? 0)
        .as('chosen'),
    )
    .select((eb) =>
      eb
        .selectFrom(underSeen('scan_appliance'))
        .select(({ fn }) => fn.countAll<number>().as('mine'))
        .where('scan_appliance.subscription_id', '=', scope.subscriptionId)
        .where('scan_appliance.scan_id', '=', job.scanId ?? 0)
        .whereRef('scan_appliance.appliance_id', '=', 'appliance.id')
        .as('mine'),
    )
    .where('appliance.subscription_id', '=', scope.subscriptionId)
    .where('appliance_network.network_id', '=', job.networkId)
    .orderBy('appliance.id')
    .execute();
  return rows
    .filter((row) => (row.chosen ?? 0) === 0 || (row.mine ?? 0) > 0)
    .filter((row) => job.applianceIds.length === 0 || job.applianceIds.includes(row.id))
    .map((row) => ({
      id: row.id,
      name: row.name,
      state: row.state,
      online: isOnline(
        {
          lastContact: row.last_contact?.getTime() ?? null,
          connection: row.connection === 'long-poll' || row.connection === 'polling' ? row.connection : 'none',
          pollIntervalSeconds: row.poll_interval_seconds,
          heartbeatSeconds: row.heartbeat_seconds,
        },
        now,
      ),
      lastContact: row.last_contact && isoTime(row.last_contact.getTime()),
    }));
}
