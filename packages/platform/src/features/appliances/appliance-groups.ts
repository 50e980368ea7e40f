import type { Kysely } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import { type FieldFault, refuse } from '../../server/http-error.ts';
import type { Schema } from '../../storage/schema.ts';
import { seenGroups, setGroups } from './queries.ts';

/**
 * Puts an appliance into asset groups. A Unit Manager picks at least one of the own unit (spec section 1), so that the
 * appliance does not vanish from whoever added it; who sees everything may leave it without.
 */
export async function placeAppliance(
  scope: AccessScope,
  trx: Kysely<Schema>,
  applianceId: number,
  groupIds: readonly number[],
): Promise<void> {
  const known = await seenGroups(scope, trx);
  const faults = groupIds.flatMap((id): FieldFault[] => {
    const fault = (message: string) => [{ field: 'assetGroupIds', item: String(id), message }];
    const group = known.get(id);
    if (!group) return fault(`There is no asset group ${id}.`);
    if (group.coversAll) return fault('The group All has every appliance anyway.');
    const own = scope.role === 'manager' || (scope.unitId !== null && group.unitId === scope.unitId);
    return own ? [] : fault(`The asset group ${id} is not of your business unit.`);
  });
  if (groupIds.length === 0 && scope.sight !== 'everything') {
    faults.push({ field: 'assetGroupIds', message: 'Pick at least one asset group of your business unit.' });
  }
  if (faults.length > 0) {
    throw refuse({
      status: 422,
      code: 'appliance.group-refused',
      message: faults[0]?.message ?? '',
      hint: 'Choose from the asset groups of your business unit.',
      errors: faults,
    });
  }
  await setGroups(scope, trx, applianceId, groupIds);
}
