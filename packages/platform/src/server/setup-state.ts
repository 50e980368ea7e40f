import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import { seen } from './access/seen.ts';
import type { Viewer } from './access/sight.ts';
import type { AccessScope } from './context.ts';

/** How far the first run is. */
export interface SetupState {
  readonly complete: boolean;
  readonly networks: number;
  readonly appliances: number;
}

const completeKey = 'setup.complete';

export async function readSetupState(scope: Viewer, db: Kysely<Schema>): Promise<SetupState> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('setting')
        .select((inner) => inner.fn.countAll<number>().as('n'))
        .where('subscription_id', '=', scope.subscriptionId)
        .where('key', '=', completeKey)
        .as('complete'),
      eb
        .selectFrom(seen(scope, 'network'))
        .select((inner) => inner.fn.countAll<number>().as('n'))
        .where('subscription_id', '=', scope.subscriptionId)
        .as('networks'),
      eb
        .selectFrom(seen(scope, 'appliance'))
        .select((inner) => inner.fn.countAll<number>().as('n'))
        .where('subscription_id', '=', scope.subscriptionId)
        .where('state', '=', 'active')
        .as('appliances'),
    ])
    .executeTakeFirstOrThrow();
  return { complete: row.complete === 1, networks: row.networks ?? 0, appliances: row.appliances ?? 0 };
}

/** The wizard has been through; doing it twice does no harm. */
export async function completeSetup(scope: AccessScope, db: Kysely<Schema>): Promise<void> {
  await db
    .insertInto('setting')
    .values({ subscription_id: scope.subscriptionId, key: completeKey, value: 'true' })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'key']).doNothing())
    .execute();
}
