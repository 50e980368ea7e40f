import { ownValue } from '@picket/base/own-value';
import { isoTime } from '@picket/base/clock';
import { type ApplianceUpdates, applianceUpdates } from '@picket/contracts/api/release';
import { updateReport } from '@picket/contracts/updates';
import { type Kysely, sql } from 'kysely';
import { announce } from '../../jobs/channels.ts';
import { recordAudit } from '../../server/audit.ts';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';
import { currentReleases } from '../../updates/current-releases.ts';
import { minuteOf, nextTime, ownMinute, timeText } from '../../updates/domain/update-schedule.ts';
import { kindState } from './domain/kind-state.ts';

/** What each refusal of updates means. */
const refusals: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  'updates.no-keys': {
    message: 'This appliance trusts no release key, so it installs nothing.',
    hint: 'Start it with --release-keys FILE and the public half of the key that signs releases.',
  },
};
const unknownRefusal = { message: 'This appliance takes no updates.', hint: 'Look at the log of the appliance.' };

/** Versions and updates of an appliance (spec section 8). */
export async function readUpdates(context: PlatformContext, scope: AccessScope, id: number): Promise<ApplianceUpdates> {
  const { db } = context.database;
  await requireKnown(scope, db, id);
  const row = await db
    .selectFrom(seen(scope, 'appliance_update'))
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', id)
    .executeTakeFirst();
  const report = updateReport
    .nullable()
    .catch(null)
    .parse(row?.report ?? null);
  const current = await currentReleases(scope, db);
  const wanted = (kind: 'content' | 'software') => current.find((each) => each.kind === kind) ?? null;
  const minute = row?.minute ?? ownMinute(id);
  const code = report?.refuses ?? null;
  return applianceUpdates.parse({
    refuses: code === null ? null : { code, ...(ownValue(refusals, code) ?? unknownRefusal) },
    content: report && kindState(report.content, wanted('content')),
    software: report && kindState(report.software, wanted('software')),
    schedule: {
      at: timeText(minute),
      chosen: typeof row?.minute === 'number',
      next: isoTime(nextTime(context.clock.now(), minute)),
    },
    askedAt: row?.asked_at ? isoTime(row.asked_at.getTime()) : null,
    reportedAt: row?.reported_at ? isoTime(row.reported_at.getTime()) : null,
  });
}

/** "Update now": what is current is offered at once, also when it failed here before. */
export async function updateNow(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<ApplianceUpdates> {
  await change(context, scope, id, { action: 'appliance.update-now', address }, async (trx, key, now) => {
    await trx
      .insertInto('appliance_update')
      .values({ ...key, asked: 1, asked_at: now })
      .onConflict((conflict) =>
        conflict
          .columns(['subscription_id', 'appliance_id'])
          .doUpdateSet({ asked: sql<number>`appliance_update.asked + 1`, asked_at: now }),
      )
      .execute();
  });
  return readUpdates(context, scope, id);
}

/** Sets the time of day, or gives it back to the appliance's id. */
export async function setSchedule(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  request: { readonly at: string | null; readonly address: string },
): Promise<ApplianceUpdates> {
  const minute = request.at === null ? null : minuteOf(request.at);
  const audit = { action: 'appliance.update-schedule', address: request.address, detail: { at: request.at } };
  await change(context, scope, id, audit, async (trx, key) => {
    await trx
      .insertInto('appliance_update')
      .values({ ...key, minute })
      .onConflict((conflict) => conflict.columns(['subscription_id', 'appliance_id']).doUpdateSet({ minute }))
      .execute();
  });
  return readUpdates(context, scope, id);
}

type Key = { readonly subscription_id: number; readonly appliance_id: number };

async function change(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  audit: { readonly action: string; readonly address: string; readonly detail?: { readonly at: string | null } },
  body: (trx: Kysely<Schema>, key: Key, now: Date) => Promise<void>,
): Promise<void> {
  const { database, clock } = context;
  await database.transaction(async (trx) => {
    await requireKnown(scope, trx, id);
    await body(trx, { subscription_id: scope.subscriptionId, appliance_id: id }, new Date(clock.now()));
    await recordAudit(scope, trx, { ...audit, subject: `appliance:${id}` });
    await announce(database, trx, { appliances: [id], wake: [`appliance:${id}`] });
  });
}

async function requireKnown(scope: AccessScope, db: Kysely<Schema>, id: number): Promise<void> {
  const row = await db
    .selectFrom(seen(scope, 'appliance'))
    .select('state')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row || row.state === 'revoked') throw notFound('appliance', id);
}
