import { type Features, featureNames } from '@picket/contracts/api/feature';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { AccessScope } from './context.ts';

/** What the subscription has; everything unless it was switched off. */
export async function readFeatures(scope: Pick<AccessScope, 'subscriptionId'>, db: Kysely<Schema>): Promise<Features> {
  const { rows } = await sql<{ off: readonly string[] }>`select ${switchedOff(scope.subscriptionId)} as off`.execute(
    db,
  );
  return featuresWithout(rows[0]?.off ?? []);
}

/** A JSON list of what is switched off, for queries that ask for more as well; `featuresWithout` reads it. */
export function switchedOff(subscriptionId: number): RawBuilder<readonly string[]> {
  return sql`(select coalesce(json_agg(key), '[]'::json) from setting where subscription_id = ${subscriptionId}
    and key in (${sql.join(featureNames.map(keyOf))}) and value = 'false'::jsonb)`;
}

export function featuresWithout(off: readonly string[]): Features {
  const on = (name: keyof Features) => !off.includes(keyOf(name));
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
