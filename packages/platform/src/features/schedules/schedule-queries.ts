import { recurrence, type ScheduleRequest } from '@picket/contracts/api/schedule';
import { scanRequest } from '@picket/contracts/api/scan';
import { type Kysely, sql } from 'kysely';
import type { TenantScope } from '../../jobs/settle-scan.ts';
import { seen } from '../../server/access/seen.ts';
import { wholeSubscription } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** A schedule as it is kept. */
export interface StoredSchedule extends ScheduleRequest {
  readonly id: number;
  readonly ownerAccount: number;
  readonly ownerLogin: string;
  readonly nextAt: number | null;
  readonly runs: number;
  readonly missed: number;
}

function selection(db: Kysely<Schema>, scope: TenantScope) {
  return db.selectFrom('schedule').selectAll().where('subscription_id', '=', scope.subscriptionId);
}

/**
 * Those that the caller sees: the own ones, and for a Unit Manager those of people of the unit who see nothing that the Unit
 * Manager does not. Who sees everything sees them all.
 */
function visible(scope: AccessScope) {
  const { sight } = scope;
  if (sight === 'everything') return sql<boolean>`true`;
  const own = sql<boolean>`schedule.owner_account = ${scope.accountId}`;
  if (scope.role !== 'unit-manager' || scope.unitId === null) return own;
  const groups =
    sight.groupIds.length === 0 ? sql`true` : sql`given.asset_group_id not in (${sql.join(sight.groupIds)})`;
  return sql<boolean>`(${own} or exists (select 1 from account where account.subscription_id = schedule.subscription_id
    and account.id = schedule.owner_account and account.business_unit_id = ${scope.unitId}
    and account.role in ('unit-manager', 'scanner', 'reader') and not exists (select 1 from asset_group_account given
      where given.subscription_id = account.subscription_id and given.account_id = account.id and ${groups})))`;
}

type Row = Awaited<ReturnType<ReturnType<typeof selection>['executeTakeFirstOrThrow']>>;

function stored(row: Row): StoredSchedule {
  return {
    id: row.id,
    name: row.name,
    zone: row.zone,
    recurrence: recurrence.parse(row.recurrence),
    scan: scanRequest.parse(row.request),
    enabled: row.enabled,
    overlap: row.overlap,
    catchUpMinutes: row.catch_up_minutes,
    ownerAccount: row.owner_account,
    ownerLogin: row.owner_login,
    nextAt: row.next_at?.getTime() ?? null,
    runs: row.runs,
    missed: row.missed,
  };
}

export async function listSchedules(
  scope: AccessScope,
  db: Kysely<Schema>,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly StoredSchedule[]> {
  const rows = await selection(db, scope)
    .where(visible(scope))
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
    .execute();
  return rows.map(stored);
}

/** A schedule that the caller sees. */
export async function findSchedule(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<StoredSchedule | null> {
  const row = await selection(db, scope).where(visible(scope)).where('id', '=', id).executeTakeFirst();
  return row ? stored(row) : null;
}

export async function readSchedule(scope: TenantScope, db: Kysely<Schema>, id: number): Promise<StoredSchedule | null> {
  const row = await selection(db, scope).where('id', '=', id).executeTakeFirst();
  return row ? stored(row) : null;
}

/** Locks a schedule that is due, unless another replica has it. */
export async function lockDue(scope: TenantScope, trx: Kysely<Schema>, now: Date): Promise<StoredSchedule | null> {
  const row = await selection(trx, scope)
    .where('enabled', '=', true)
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ? stored(row) : null;
}

export async function countSchedules(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const { total } = await db
    .selectFrom('schedule')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where(visible(scope))
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirstOrThrow();
  return total;
}

function columnsOf(request: ScheduleRequest, nextAt: number | null) {
  return {
    name: request.name,
    zone: request.zone,
    recurrence: JSON.stringify(request.recurrence),
    request: JSON.stringify(request.scan),
    enabled: request.enabled,
    overlap: request.overlap,
    catch_up_minutes: request.catchUpMinutes,
    next_at: nextAt === null ? null : new Date(nextAt),
  };
}

export async function insertSchedule(
  scope: TenantScope & { readonly accountId: number; readonly login: string },
  trx: Kysely<Schema>,
  request: ScheduleRequest,
  times: { readonly nextAt: number | null; readonly now: Date },
): Promise<number> {
  const { id } = await trx
    .insertInto('schedule')
    .values({
      subscription_id: scope.subscriptionId,
      ...columnsOf(request, times.nextAt),
      owner_account: scope.accountId,
      owner_login: scope.login,
      created_at: times.now,
      updated_at: times.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Who changes a schedule owns it from then on: it runs with rights that somebody just used. */
export async function updateSchedule(
  scope: TenantScope & { readonly accountId: number; readonly login: string },
  trx: Kysely<Schema>,
  id: number,
  request: ScheduleRequest,
  times: { readonly nextAt: number | null; readonly now: Date },
): Promise<void> {
  await trx
    .updateTable('schedule')
    .set({
      ...columnsOf(request, times.nextAt),
      owner_account: scope.accountId,
      owner_login: scope.login,
      updated_at: times.now,
    })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function setNext(
  scope: TenantScope,
  trx: Kysely<Schema>,
  id: number,
  nextAt: number | null,
): Promise<void> {
  await trx
    .updateTable('schedule')
    .set({ next_at: nextAt === null ? null : new Date(nextAt) })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
}

export async function deleteSchedule(scope: TenantScope, trx: Kysely<Schema>, id: number): Promise<void> {
  await trx.deleteFrom('schedule').where('subscription_id', '=', scope.subscriptionId).where('id', '=', id).execute();
}

/** Schedules that start again on finish, and when the job of their last run ended. */
export async function finishedRounds(
  scope: TenantScope,
  db: Kysely<Schema>,
): Promise<readonly { readonly id: number; readonly endedAt: Date }[]> {
  const { rows } = await sql<{ id: number; endedAt: Date }>`
    select schedule.id, coalesce(scan.ended_at, last.at) as "endedAt" from schedule
    join lateral (select scan_id, outcome, at from schedule_run r where r.subscription_id = schedule.subscription_id and r.schedule_id = schedule.id
      order by due_at desc limit 1) last on true
    left join ${seen(wholeSubscription(scope.subscriptionId), 'scan')} on scan.subscription_id = schedule.subscription_id and scan.id = last.scan_id
    where schedule.subscription_id = ${scope.subscriptionId} and schedule.enabled and schedule.next_at is null
      and schedule.recurrence ->> 'kind' = 'after-finish' and last.outcome in ('launched', 'missed') and (scan.id is null or scan.ended_at is not null)
    order by schedule.id limit 100`.execute(db);
  return rows;
}
