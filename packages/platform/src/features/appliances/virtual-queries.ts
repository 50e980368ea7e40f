import { defaultVirtualLimit } from '@picket/contracts/api/virtual-appliance';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { seen, underSeen } from '../../server/access/seen.ts';
import { wholeSubscription } from '../../server/access/sight.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

const limitKey = 'virtual-appliances.limit';

export async function readVirtualLimit(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('key', '=', limitKey)
    .executeTakeFirst();
  return z.number().int().catch(defaultVirtualLimit).parse(row?.value);
}

export async function storeVirtualLimit(scope: AccessScope, trx: Kysely<Schema>, limit: number): Promise<void> {
  const value = JSON.stringify(limit);
  await trx
    .insertInto('setting')
    .values({ subscription_id: scope.subscriptionId, key: limitKey, value })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'key']).doUpdateSet({ value }))
    .execute();
}

/** Appliances of the whole subscription, whoever asks, with a personalization code, used or not; `except` is not counted. */
export async function countVirtual(
  scope: AccessScope,
  db: Kysely<Schema>,
  except: number | null = null,
): Promise<number> {
  const { rows } = await sql<{ used: number }>`
    select count(*) as used from ${seen(wholeSubscription(scope.subscriptionId), 'appliance')}
    where appliance.subscription_id = ${scope.subscriptionId} and appliance.state <> 'revoked'
      and appliance.id is distinct from ${except}::bigint
      and exists (select 1 from ${underSeen('personalization_code')}
        where personalization_code.subscription_id = appliance.subscription_id and personalization_code.appliance_id = appliance.id)`.execute(
    db,
  );
  return rows[0]?.used ?? 0;
}

/** Of two that provision at once, the second counts what the first made. */
export async function lockVirtual(scope: AccessScope, trx: Kysely<Schema>): Promise<void> {
  await trx
    .selectFrom('subscription')
    .select('id')
    .where('id', '=', scope.subscriptionId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}
