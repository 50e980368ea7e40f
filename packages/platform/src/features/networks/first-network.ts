import { wholeSubscription } from '../../server/access/sight.ts';
import type { PlatformContext } from '../../server/context.ts';
import { countNetworks, insertNetwork, replaceRanges } from './network-queries.ts';
import { readNetworkRanges } from './network-ranges.ts';

/** The network of the demonstration: this machine alone. */
export const firstNetworkName = 'This machine';

/** Makes the loopback network at the very first start (when there is no account yet, so that a deleted one stays deleted). */
export async function createFirstNetwork(context: Pick<PlatformContext, 'database' | 'subscriptionId'>): Promise<void> {
  const tenant = wholeSubscription(context.subscriptionId);
  const { value } = readNetworkRanges('127.0.0.1, ::1', '');
  await context.database.transaction(async (trx) => {
    await trx.selectFrom('subscription').select('id').where('id', '=', tenant.subscriptionId).forUpdate().execute();
    if ((await countNetworks(tenant, trx)) > 0) return;
    const id = await insertNetwork(tenant, trx, { name: firstNetworkName, authorization: null });
    await replaceRanges(tenant, trx, id, value);
  });
}
