import { isoTime } from '@picket/base/clock';
import type { ApplianceNetworkError } from '@picket/contracts/api/appliance';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readAppliance } from './service.ts';

/** What kept an appliance from the platform, newest first: all that are kept, at most 100. */
export async function readNetworkErrors(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
): Promise<{ items: ApplianceNetworkError[]; nextCursor: null; total: number }> {
  await readAppliance(context, scope, id);
  const rows = await context.database.db
    .selectFrom(seen(scope, 'appliance_network_error'))
    .selectAll()
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', id)
    .orderBy('raised_at', 'desc')
    .orderBy('report_id')
    .execute();
  const items = rows.map((row) => ({
    kind: row.code === '' ? ('communication-failure' as const) : ('network-error' as const),
    code: row.code === '' ? null : row.code,
    description: row.description,
    eCode: row.e_code,
    raisedAt: isoTime(row.raised_at.getTime()),
    clearedAt: row.cleared_at && isoTime(row.cleared_at.getTime()),
    reportedAt: isoTime(row.reported_at.getTime()),
  }));
  return { items, nextCursor: null, total: items.length };
}
