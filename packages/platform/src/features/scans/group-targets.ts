import { formatRange } from '@picket/base/ip';
import { intersect, type RangeSet } from '@picket/base/range-set';
import type { ScanRequest } from '@picket/contracts/api/scan';
import type { Kysely } from 'kysely';
import { readGroups } from '../../server/access/read-groups.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import type { PlanFault } from './domain/plan-faults.ts';

/** Targets that the asset groups of a request stand for: what their addresses and the network's registered ones share. */
export async function groupTargets(
  scope: AccessScope,
  db: Kysely<Schema>,
  { networkId, assetGroupIds }: ScanRequest,
  registered: RangeSet,
): Promise<{ readonly targets: readonly string[]; readonly faults: readonly PlanFault[] }> {
  const groups = await readGroups(scope, db, assetGroupIds);
  const faults: PlanFault[] = [];
  const targets = assetGroupIds.flatMap((id) => {
    const group = groups.get(id);
    const fault = (message: string) => faults.push({ field: 'assetGroupIds', item: String(id), message });
    if (!group) {
      fault(`There is no asset group ${id}.`);
      return [];
    }
    const ranges = group.coversAll ? registered : intersect(group.networks.get(networkId) ?? [], registered);
    if (ranges.length === 0) fault(`The asset group ${group.name} has no registered address in this network.`);
    return ranges.map(formatRange);
  });
  return { targets, faults };
}
