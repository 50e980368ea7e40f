import type { ScanRequest } from '@picket/contracts/api/scan';
import { type Kysely, sql } from 'kysely';
import { readGroups } from '../../server/access/read-groups.ts';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { PlanFault } from './domain/plan-faults.ts';

/** The appliances that a request asks for: those that it names, and those of its groups that may run it now. */
export interface WantedAppliances {
  /** Empty: any of the network. */
  readonly ids: readonly number[];
  readonly faults: readonly PlanFault[];
}

/** Looked up at the launch: appliances of the groups that the caller sees, that serve the network and are not revoked. A group without one is a fault. */
export async function wantedAppliances(
  scope: AccessScope,
  db: Kysely<Schema>,
  { networkId, applianceIds, applianceGroupIds = [] }: ScanRequest,
  networkName: string,
): Promise<WantedAppliances> {
  const groups = await readGroups(scope, db, applianceGroupIds);
  const faults: PlanFault[] = [];
  const ids = new Set(applianceIds);
  for (const id of new Set(applianceGroupIds)) {
    const group = groups.get(id);
    const fault = (message: string) => faults.push({ field: 'applianceGroupIds', item: String(id), message });
    if (!group) {
      fault(`There is no asset group ${id}.`);
      continue;
    }
    const members = await membersServing(scope, db, { groupId: id, coversAll: group.coversAll, networkId });
    if (members.length === 0) fault(`No appliance of the asset group ${group.name} serves the network ${networkName}.`);
    for (const member of members) ids.add(member);
  }
  return { ids: [...ids], faults };
}

async function membersServing(
  scope: AccessScope,
  db: Kysely<Schema>,
  group: { readonly groupId: number; readonly coversAll: boolean; readonly networkId: number },
): Promise<readonly number[]> {
  const member = group.coversAll
    ? sql`true`
    : sql`exists (select 1 from ${seen(scope, 'asset_group_appliance')}
        where asset_group_appliance.subscription_id = appliance.subscription_id
          and asset_group_appliance.appliance_id = appliance.id and asset_group_appliance.asset_group_id = ${group.groupId})`;
  const { rows } = await sql<{ id: number }>`
    select appliance.id from ${seen(scope, 'appliance')}
    join ${seen(scope, 'appliance_network')} on appliance_network.subscription_id = appliance.subscription_id
      and appliance_network.appliance_id = appliance.id and appliance_network.network_id = ${group.networkId}
    where appliance.subscription_id = ${scope.subscriptionId} and appliance.state <> 'revoked' and ${member}
    order by appliance.id`.execute(db);
  return rows.map((row) => row.id);
}
