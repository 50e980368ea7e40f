import type { Kysely } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { NewAppliance } from './queries.ts';

/** Codes that were given out for an appliance and not used. */
export async function dropCodes(scope: AccessScope, trx: Kysely<Schema>, applianceId: number): Promise<void> {
  await trx
    .deleteFrom('personalization_code')
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', applianceId)
    .execute();
}

/** Gives an appliance another device: what the old one said of itself, and the numbers of its requests, are forgotten. */
export async function changeIdentity(
  scope: AccessScope,
  trx: Kysely<Schema>,
  id: number,
  next: {
    readonly state: 'active' | 'provisioned';
    readonly publicKey: string | null;
    readonly keyId: string | null;
    readonly facts: NewAppliance['facts'];
  },
): Promise<void> {
  for (const table of ['appliance_instance', 'appliance_update', 'appliance_doctor'] as const) {
    await trx
      .deleteFrom(table)
      .where('subscription_id', '=', scope.subscriptionId)
      .where('appliance_id', '=', id)
      .execute();
  }
  const { facts } = next;
  await trx
    .updateTable('appliance')
    .set({
      state: next.state,
      public_key: next.publicKey,
      key_id: next.keyId,
      kind: facts?.kind ?? null,
      lan_address: facts?.lanAddress ?? null,
      hostname: facts?.hostname ?? null,
      software_version: facts?.softwareVersion ?? null,
      content_version: facts?.contentVersion ?? null,
      available_percent: null,
      capacity: null,
      connection: 'none',
      last_contact: null,
      spool: null,
      trouble: '[]',
      current_instance: null,
    })
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .execute();
  // The new device has none of the VLANs and routes yet: it is told them as if they were new.
  await trx
    .updateTable('appliance_scan_network')
    .set((eb) => ({ generation: eb('generation', '+', 1), state: 'pending', detail: null, reported_at: null }))
    .where('subscription_id', '=', scope.subscriptionId)
    .where('appliance_id', '=', id)
    .execute();
}
