import type { PollRequest } from '@picket/contracts/poll';
import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import type { Schema } from '../../storage/schema.ts';

/** Errors that are kept of one appliance: the newest. */
const kept = 100;

/** Takes over what an appliance tells of its network errors. What it told before is replaced: it now knows the end, or a better time. */
export async function recordNetworkErrors(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  { networkErrors = [], communicationFailures = [] }: Pick<PollRequest, 'networkErrors' | 'communicationFailures'>,
  now: Date,
): Promise<void> {
  // A communication failure is a row without a code.
  const reports = [...networkErrors, ...communicationFailures.map((failure) => ({ ...failure, code: '' }))];
  if (reports.length === 0) return;
  // The last one of an id counts: a statement may not touch a row twice.
  const byId = new Map(reports.map((report) => [report.id, report]));
  await db
    .insertInto('appliance_network_error')
    .values(
      [...byId.values()].map((report) => ({
        subscription_id: scope.subscriptionId,
        appliance_id: scope.applianceId,
        report_id: report.id,
        code: report.code,
        description: report.description,
        e_code: report.eCode,
        raised_at: new Date(report.raisedAt),
        cleared_at: report.clearedAt === null ? null : new Date(report.clearedAt),
        reported_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['subscription_id', 'appliance_id', 'report_id']).doUpdateSet(({ ref }) => ({
        description: ref('excluded.description'),
        e_code: ref('excluded.e_code'),
        raised_at: ref('excluded.raised_at'),
        cleared_at: ref('excluded.cleared_at'),
      })),
    )
    .execute();
  await db
    .deleteFrom('appliance_network_error')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('report_id', 'not in', (inner) =>
      inner
        .selectFrom('appliance_network_error as newest')
        .select('newest.report_id')
        .where('newest.subscription_id', '=', scope.subscriptionId)
        .where('newest.appliance_id', '=', scope.applianceId)
        .orderBy('newest.raised_at', 'desc')
        .orderBy('newest.report_id')
        .limit(kept),
    )
    .execute();
}
