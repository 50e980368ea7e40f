import { type Kysely, sql } from 'kysely';
import type { TimeWindowItem } from '@picket/contracts/api/time-window';
import { seen } from '../../server/access/seen.ts';
import { wholeSubscription } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** What is kept of a window. */
export type WindowFields = Pick<TimeWindowItem, 'name' | 'kind' | 'zone' | 'weekly' | 'dates' | 'everywhere'>;

export interface WindowRow {
  readonly id: number;
  readonly name: string;
  readonly kind: 'allow' | 'blackout';
  readonly zone: string;
  readonly weekly: unknown;
  readonly dates: unknown;
  readonly everywhere: boolean;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly open_jobs: number;
}

/** Windows by id; with `id` only that one. */
export async function listWindows(
  scope: AccessScope,
  db: Kysely<Schema>,
  page: { readonly after: number; readonly limit: number; readonly id?: number },
): Promise<readonly WindowRow[]> {
  const one = page.id === undefined ? sql`` : sql`and w.id = ${page.id}`;
  const { rows } = await sql<WindowRow>`
    select w.id, w.name, w.kind, w.zone, w.weekly, w.dates, w.everywhere, w.updated_at, w.updated_by,
      (select count(*) from scan_window sw join ${seen(scope, 'scan')} on scan.subscription_id = sw.subscription_id and scan.id = sw.scan_id
        where sw.subscription_id = w.subscription_id and sw.window_id = w.id and scan.ended_at is null) as open_jobs
    from time_window w where w.subscription_id = ${scope.subscriptionId} and w.id > ${page.after} ${one}
    order by w.id limit ${page.limit}`.execute(db);
  return rows;
}

export async function countWindows(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const { total } = await db
    .selectFrom('time_window')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('subscription_id', '=', scope.subscriptionId)
    .executeTakeFirstOrThrow();
  return total;
}

function columnsOf(fields: WindowFields) {
  const { weekly, dates, ...plain } = fields;
  return { ...plain, weekly: JSON.stringify(weekly), dates: JSON.stringify(dates) };
}

export async function insertWindow(
  scope: AccessScope,
  trx: Kysely<Schema>,
  fields: WindowFields,
  now: Date,
): Promise<number> {
  const { id } = await trx
    .insertInto('time_window')
    .values({
      subscription_id: scope.subscriptionId,
      ...columnsOf(fields),
      updated_at: now,
      updated_by: scope.login,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** False when there is no such window. */
export async function updateWindow(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  fields: WindowFields,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('time_window')
    .set({ ...columnsOf(fields), updated_at: now, updated_by: scope.login })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Jobs that ended keep no claim on the window. False when there is no such window. */
export async function deleteWindow(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<boolean> {
  await sql`
    delete from scan_window using ${seen(wholeSubscription(scope.subscriptionId), 'scan')}
    where scan_window.subscription_id = ${scope.subscriptionId} and scan_window.window_id = ${id}
      and scan.subscription_id = scan_window.subscription_id and scan.id = scan_window.scan_id and scan.ended_at is not null`.execute(
    trx,
  );
  const { numDeletedRows } = await trx
    .deleteFrom('time_window')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Appliances that hold a slice of any job. */
export async function holders(scope: AccessScope, trx: Kysely<Schema>): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom(seen(wholeSubscription(scope.subscriptionId), 'slice'))
    .select('appliance_id')
    .distinct()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('state', '=', 'leased')
    .execute();
  return rows.flatMap((row) => row.appliance_id ?? []);
}
