import { describeError } from '@picket/base/error';
import { sql } from 'kysely';
import { type LostLease, requeue } from '../../jobs/requeue.ts';
import { closeUnits, lockScan, settleScan } from '../../jobs/settle-scan.ts';
import type { PlatformContext } from '../../server/context.ts';
import { endLongRuns } from './run-limits.ts';
import type { DispatchSettings } from './settings.ts';

/** Looks for expired leases and jobs past their deadline until the platform closes. Any number of replicas may run it. */
export async function runSweeper(context: PlatformContext, settings: DispatchSettings): Promise<void> {
  while (!context.closing.aborted) {
    try {
      await sweep(context);
    } catch (error) {
      if (!context.closing.aborted)
        context.log.write('warning', 'dispatch.sweep-failed', { message: describeError(error) });
    }
    try {
      await context.clock.sleep(settings.sweepSeconds * 1000, context.closing);
    } catch {
      return;
    }
  }
}

/** One look. Every change is decided again under the job's lock, so that two replicas do not do it twice. */
export async function sweep(context: PlatformContext): Promise<void> {
  const { database } = context;
  const scope = { subscriptionId: context.subscriptionId };
  const now = new Date(context.clock.now());
  const { rows: expired } = await sql<LostLease>`
    select scan_id as "scanId", id as "sliceId", lease_id as "leaseId" from slice
    where subscription_id = ${scope.subscriptionId} and state = 'leased' and expires_at < ${now} order by scan_id limit 1000`.execute(
    database.db,
  );
  for (const lost of expired) {
    await database.transaction(async (trx) => {
      const still = await trx
        .selectFrom('slice')
        .select('id')
        .where('subscription_id', '=', scope.subscriptionId)
        .where('lease_id', '=', lost.leaseId)
        .where('state', '=', 'leased')
        .where('expires_at', '<', now)
        .executeTakeFirst();
      if (still) await requeue(database, scope, trx, [lost], now);
    });
    context.log.write('info', 'lease.expired', { scan: lost.scanId, slice: lost.sliceId });
  }
  const late = await database.db
    .selectFrom('scan')
    .select('id')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('status', 'in', ['queued', 'running', 'pausing', 'paused', 'canceling'])
    .where('deadline', '<', now)
    .execute();
  for (const scan of late) await endLateScan(context, scan.id, now);
  await endLongRuns(context);
}

/** Past its deadline nothing more is leased: what waits is not evaluable, what is held ends by its own deadline. */
async function endLateScan(context: PlatformContext, scanId: number, now: Date): Promise<void> {
  const { database } = context;
  const scope = { subscriptionId: context.subscriptionId };
  await database.transaction(async (trx) => {
    const scan = await lockScan(scope, trx, scanId);
    if (!scan) return;
    const ended = await trx
      .updateTable('slice')
      .set({ state: 'done', outcome: 'incomplete', reason: 'deadline' })
      .where('subscription_id', '=', scope.subscriptionId)
      .where('scan_id', '=', scanId)
      .where('state', '=', 'pending')
      .returning('id')
      .execute();
    const detail = 'The job reached its deadline before an appliance took this part of it.';
    for (const { id } of ended)
      await closeUnits(scope, trx, id, { state: 'not-evaluable', reason: 'deadline', detail, now });
    if (ended.length > 0) await settleScan(database, scope, trx, scan, now);
  });
}
