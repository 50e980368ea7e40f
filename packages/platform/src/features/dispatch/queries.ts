import type { PollRequest } from '@picket/contracts/poll';
import { engineEvent, type EngineEvent } from '@picket/contracts/event';
import { emptyResume, type ResumeState, resumeFrom } from '@picket/contracts/resume';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { foundInBlocks } from './domain/found-in-block.ts';
import type { WaitingScan } from './domain/rate-share.ts';
import { type ApplianceScope, revoked } from '../../appliance-protocol/authenticate.ts';
import { announcingAppliance } from '../../jobs/channels.ts';
import { storedBlocks } from '../../jobs/stored-plan.ts';
import type { ScanStatusColumn } from '../../storage/tables/scan.ts';
import type { Schema } from '../../storage/schema.ts';

/** What the platform keeps of its appliance's last poll; whoever watches the appliance is told. */
export async function recordPoll(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  poll: PollRequest,
  now: Date,
): Promise<void> {
  await db
    .updateTable('appliance')
    .set({
      kind: poll.facts.kind,
      lan_address: poll.facts.lanAddress,
      hostname: poll.facts.hostname,
      software_version: poll.facts.softwareVersion,
      content_version: poll.facts.contentVersion,
      available_percent: poll.availablePercent,
      capacity: poll.capacity,
      ...(poll.beside ? {} : { connection: poll.waitSeconds > 0 ? 'long-poll' : 'polling' }),
      last_contact: now,
      spool: JSON.stringify(poll.spool),
      trouble: JSON.stringify(poll.trouble),
    })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', scope.applianceId)
    .returning(announcingAppliance(scope.applianceId).as('told'))
    .executeTakeFirstOrThrow(revoked);
}

/** What a holder says of a lease. */
export type LeaseState = PollRequest['leases'][number]['state'];
const leaseStates: readonly LeaseState[] = ['running', 'paused', 'ending'];

/** A lease, as the database has it. */
export interface HeldLease {
  readonly leaseId: string;
  readonly sliceId: number;
  readonly scanId: number;
  readonly scanStatus: ScanStatusColumn;
  /** What its holder last said, in whichever poll; null before its first word. */
  readonly reported: LeaseState | null;
  readonly leasedAt: Date;
  readonly expiresAt: Date;
}

/** A held lease as JSON: times are text. */
export type HeldLeaseJson = Omit<HeldLease, 'reported' | 'leasedAt' | 'expiresAt'> & {
  readonly reported: string | null;
  readonly leasedAt: string;
  readonly expiresAt: string;
};

/** Leases that the appliance holds, with what their jobs want. */
export async function heldLeases(scope: ApplianceScope, db: Kysely<Schema>): Promise<readonly HeldLease[]> {
  const { rows } = await sql<{ leases: readonly HeldLeaseJson[] }>`select ${heldLeasesJson(scope)} as leases`.execute(
    db,
  );
  return readHeldLeases(rows[0]?.leases ?? []);
}

/** The same as a list within a query that asks for more; `readHeldLeases` reads it. */
export function heldLeasesJson({ subscriptionId, applianceId }: ApplianceScope): RawBuilder<readonly HeldLeaseJson[]> {
  return sql`(select coalesce(json_agg(json_build_object('leaseId', slice.lease_id, 'sliceId', slice.id, 'scanId', slice.scan_id, 'scanStatus', scan.status,
      'reported', slice.reported, 'leasedAt', slice.leased_at, 'expiresAt', slice.expires_at) order by slice.id), '[]'::json)
    from slice join scan on scan.subscription_id = slice.subscription_id and scan.id = slice.scan_id
    where slice.subscription_id = ${subscriptionId} and slice.appliance_id = ${applianceId} and slice.state = 'leased'
      and slice.lease_id is not null and slice.leased_at is not null and slice.expires_at is not null)`;
}

export function readHeldLeases(leases: readonly HeldLeaseJson[]): HeldLease[] {
  return leases.map((lease) => ({
    ...lease,
    reported: leaseStates.find((state) => state === lease.reported) ?? null,
    leasedAt: new Date(lease.leasedAt),
    expiresAt: new Date(lease.expiresAt),
  }));
}

/** Renews the named leases and notes what their holder says of them. */
export async function renewLeases(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  named: PollRequest['leases'],
  expiresAt: Date,
): Promise<void> {
  if (named.length === 0) return;
  await sql`
    update slice set expires_at = ${expiresAt}, reported = named.state
    from json_to_recordset(${JSON.stringify(named)}::json) as named ("leaseId" text, state text)
    where slice.subscription_id = ${scope.subscriptionId} and slice.appliance_id = ${scope.applianceId}
      and slice.lease_id = named."leaseId" and slice.state = 'leased'`.execute(db);
}

/** Jobs with slices to give that this appliance may run, and how many are leased already, as a list within a query that asks for more. */
export function waitingScansJson({ subscriptionId, applianceId }: ApplianceScope): RawBuilder<readonly WaitingScan[]> {
  return sql`(select coalesce(json_agg(waiting order by "scanId"), '[]'::json) from (
    select scan.id as "scanId",
      (select count(*) from slice where slice.subscription_id = scan.subscription_id and slice.scan_id = scan.id and slice.state = 'leased') as leased
    from scan
    join appliance_network an on an.subscription_id = scan.subscription_id and an.network_id = scan.network_id and an.appliance_id = ${applianceId}
    where scan.subscription_id = ${subscriptionId} and scan.status in ('queued', 'running')
      and exists (select 1 from slice where slice.subscription_id = scan.subscription_id and slice.scan_id = scan.id and slice.state = 'pending')
      and (not exists (select 1 from scan_appliance sa where sa.subscription_id = scan.subscription_id and sa.scan_id = scan.id)
        or exists (select 1 from scan_appliance sa where sa.subscription_id = scan.subscription_id and sa.scan_id = scan.id and sa.appliance_id = ${applianceId}))
    order by scan.id limit 200) as waiting)`;
}

export interface GrantableScan {
  readonly plan: unknown;
  readonly intrusive: boolean;
  readonly deadline: Date | null;
  readonly rates: readonly number[];
  readonly appliances: number;
}

/** What a grant needs of a locked job. `onlineSince`: contact after it counts as online. */
export async function grantableScan(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  scanId: number,
  onlineSince: Date,
): Promise<GrantableScan | null> {
  const { rows } = await sql<{
    plan: unknown;
    intrusive: boolean;
    deadline: Date | null;
    rates: number[] | null;
    appliances: number;
  }>`
    select scan.plan, scan.intrusive, scan.deadline,
      (select json_agg(slice.rate) from slice where slice.subscription_id = scan.subscription_id and slice.scan_id = scan.id
        and slice.state = 'leased' and slice.rate is not null) as rates,
      (select count(*) from appliance a
        join appliance_network an on an.subscription_id = a.subscription_id and an.appliance_id = a.id and an.network_id = scan.network_id
        where a.subscription_id = scan.subscription_id and a.state = 'active' and (a.id = ${scope.applianceId} or a.last_contact > ${onlineSince})
          and (not exists (select 1 from scan_appliance sa where sa.subscription_id = scan.subscription_id and sa.scan_id = scan.id)
            or exists (select 1 from scan_appliance sa where sa.subscription_id = scan.subscription_id and sa.scan_id = scan.id and sa.appliance_id = a.id))
      ) as appliances
    from scan where scan.subscription_id = ${scope.subscriptionId} and scan.id = ${scanId}`.execute(trx);
  const [row] = rows;
  return row ? { ...row, rates: z.array(z.number()).parse(row.rates ?? []) } : null;
}

export interface TakenSlice {
  readonly sliceId: number;
  readonly attempt: number;
  readonly blocks: unknown;
}

/** Takes a waiting slice of a locked job for this appliance. */
export async function takeSlice(
  scope: ApplianceScope,
  trx: Kysely<Schema>,
  take: {
    scanId: number;
    sliceId: number;
    leaseId: string;
    rate: number;
    now: Date;
    expiresAt: Date;
    notAfter: Date | null;
  },
): Promise<TakenSlice | null> {
  const { rows } = await sql<TakenSlice>`
    update slice set state = 'leased', attempt = attempt + 1, lease_id = ${take.leaseId}, appliance_id = ${scope.applianceId},
      leased_at = ${take.now}, expires_at = ${take.expiresAt}, not_after = ${take.notAfter}, reported = null, rate = ${take.rate}, outcome = null, reason = null
    where subscription_id = ${scope.subscriptionId} and id = ${take.sliceId} and scan_id = ${take.scanId} and state = 'pending'
      and exists (select 1 from appliance where subscription_id = ${scope.subscriptionId} and id = ${scope.applianceId} and state = 'active')
    returning id as "sliceId", attempt, blocks`.execute(trx);
  const [slice] = rows;
  if (!slice) return null;
  await trx
    .insertInto('slice_lease')
    .values({
      subscription_id: scope.subscriptionId,
      lease_id: take.leaseId,
      appliance_id: scope.applianceId,
      scan_id: take.scanId,
      slice_id: slice.sliceId,
      attempt: slice.attempt,
      granted_at: take.now,
    })
    .execute();
  await sql`
    update unit set state = 'leased', updated_at = ${take.now}
    where subscription_id = ${scope.subscriptionId} and slice_id = ${slice.sliceId} and state = 'pending'`.execute(trx);
  return slice;
}

/** What is needed to write the document of a lease that is held already. */
export async function heldDocument(scope: ApplianceScope, db: Kysely<Schema>, leaseId: string) {
  return db
    .selectFrom('slice')
    .innerJoin('scan', (join) =>
      join.onRef('scan.subscription_id', '=', 'slice.subscription_id').onRef('scan.id', '=', 'slice.scan_id'),
    )
    .select([
      'slice.id',
      'slice.scan_id',
      'slice.attempt',
      'slice.blocks',
      'slice.rate',
      'slice.leased_at',
      'slice.expires_at',
      'slice.not_after',
    ])
    .select(['scan.plan', 'scan.intrusive', 'scan.deadline', 'scan.network_id'])
    .where('slice.subscription_id', '=', scope.subscriptionId)
    .where('slice.appliance_id', '=', scope.applianceId)
    .where('slice.lease_id', '=', leaseId)
    .where('slice.state', '=', 'leased')
    .executeTakeFirst();
}

const unitRow = z.object({
  phase: z.enum(['discovery', 'ports', 'services', 'os', 'checks']),
  subject: z.string(),
  state: z.enum(['done', 'not-evaluable']),
  at: z.date(),
});

/** What earlier leases of the slice settled, from the ledger and its facts. */
export async function resumeOf(scope: ApplianceScope, trx: Kysely<Schema>, sliceId: number): Promise<ResumeState> {
  const units = await trx
    .selectFrom('unit')
    .select(['phase', 'subject', 'state', 'updated_at as at'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('slice_id', '=', sliceId)
    .where('state', 'in', ['done', 'not-evaluable'])
    .orderBy('phase')
    .orderBy('subject')
    .execute();
  if (units.length === 0) return emptyResume;
  const facts = await trx
    .selectFrom('scan_fact')
    .select(slimEvent.as('event'))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('slice_id', '=', sliceId)
    .where(buildsOn)
    .orderBy('key')
    .execute();
  const { blocks } = await trx
    .selectFrom('slice')
    .select('blocks')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', sliceId)
    .executeTakeFirstOrThrow();
  const found = facts.map((fact) => engineEvent.parse(fact.event));
  return resumeFrom([...units.map(unitEventOf), ...foundInBlocks(found, storedBlocks.parse(blocks))]);
}

/** Of what was checked only how far it got. */
const slimEvent = sql<unknown>`case when type = 'checked' then event || '{"passed":[],"notEvaluable":[]}'::jsonb else event end`;

/** Facts that a later lease builds on; the progress of checks only where they did not end. */
const buildsOn = sql<boolean>`(type in ('host', 'port', 'service') or (type = 'checked' and event ->> 'plan' is not null and not exists (
  select 1 from unit ended where ended.subscription_id = scan_fact.subscription_id and ended.slice_id = scan_fact.slice_id
    and ended.phase = 'checks' and ended.subject = scan_fact.event ->> 'address' and ended.state in ('done', 'not-evaluable'))))`;

function unitEventOf(row: unknown): EngineEvent {
  const { phase, subject, state, at } = unitRow.parse(row);
  return { type: 'unit', unit: { phase, subject }, time: at.toISOString(), state };
}
