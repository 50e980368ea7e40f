import { type Features, featureNames } from '@picket/contracts/api/feature';
import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { AccessScope } from './context.ts';

/** What the subscription has; everything unless it was switched off. */
export async function readFeatures(scope: Pick<AccessScope, 'subscriptionId'>, db: Kysely<Schema>): Promise<Features> {
  const rows = await db
    .selectFrom('setting')
    .select(['key', 'value'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('key', 'in', featureNames.map(keyOf))
    .execute();
  const off = new Set(rows.filter(({ value }) => value === false).map(({ key }) => key));
  const on = (name: keyof Features) => !off.has(keyOf(name));
  return {
    vlans: on('vlans'),
    ipv6: on('ipv6'),
    virtualAppliances: on('virtualAppliances'),
    scanServices: on('scanServices'),
  };
}

export async function storeFeature(
  scope: AccessScope,
  trx: Kysely<Schema>,
  name: keyof Features,
  on: boolean,
): Promise<void> {
  const value = JSON.stringify(on);
  await trx
    .insertInto('setting')
    .values({ subscription_id: scope.subscriptionId, key: keyOf(name), value })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'key']).doUpdateSet({ value }))
    .execute();
}

function keyOf(name: keyof Features): string {
  return `feature.${name}`;
}
