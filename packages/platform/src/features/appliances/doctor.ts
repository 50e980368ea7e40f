import { isoTime } from '@picket/base/clock';
import type { ApplianceDoctor } from '@picket/contracts/api/appliance';
import { doctorReport } from '@picket/contracts/doctor';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { lockAppliance } from './queries.ts';
import { readAppliance } from './service.ts';

/** The last examination that was asked for here. */
export async function readDoctor(context: PlatformContext, scope: AccessScope, id: number): Promise<ApplianceDoctor> {
  await readAppliance(context, scope, id);
  const row = await context.database.db
    .selectFrom(seen(scope, 'appliance_doctor'))
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', id)
    .executeTakeFirst();
  if (!row) return { state: 'none', requestedAt: null, requestedBy: null, report: null };
  return {
    state: row.report === null ? 'waiting' : 'done',
    requestedAt: isoTime(row.requested_at.getTime()),
    requestedBy: row.requested_by,
    report: row.report === null ? null : doctorReport.parse(row.report),
  };
}

/** Asks an appliance to examine its way here; it hears of it with its next poll, at once on a long-poll. */
export async function askDoctor(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<ApplianceDoctor> {
  const { database, clock, random } = context;
  await database.transaction(async (trx) => {
    const row = await lockAppliance(scope, trx, id);
    if (!row) throw notFound('appliance', id);
    if (row.state !== 'active') {
      throw refuse({
        status: 409,
        code: 'appliance.not-active',
        message: 'Only an active appliance can be asked to examine its network.',
        hint: 'Activate it first. Without a platform, its console and "picket doctor" on its own machine do the same.',
      });
    }
    const request = {
      request_id: random.uuid(),
      requested_at: new Date(clock.now()),
      requested_by: scope.login,
      report: null,
    };
    await trx
      .insertInto('appliance_doctor')
      .values({ subscription_id: scope.subscriptionId, appliance_id: id, ...request })
      .onConflict((conflict) => conflict.columns(['subscription_id', 'appliance_id']).doUpdateSet(request))
      .execute();
    await recordAudit(scope, trx, { action: 'appliance.doctor', subject: `appliance:${id}`, detail: {}, address });
    await announce(database, trx, { appliances: [id], wake: [`appliance:${id}`] });
  });
  return readDoctor(context, scope, id);
}
