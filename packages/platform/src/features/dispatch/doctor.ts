import type { PollRequest } from '@picket/contracts/poll';
import type { Kysely } from 'kysely';
import type { ApplianceScope } from '../../appliance-protocol/authenticate.ts';
import type { Schema } from '../../storage/schema.ts';

/** Takes over a report that was asked for; one of an older request is of no use any more. */
export async function recordDoctor(
  scope: ApplianceScope,
  db: Kysely<Schema>,
  { id, report }: NonNullable<PollRequest['doctor']>,
): Promise<void> {
  await db
    .updateTable('appliance_doctor')
    .set({ report: JSON.stringify(report) })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', scope.applianceId)
    .where('request_id', '=', id)
    .where('report', 'is', null)
    .execute();
}
