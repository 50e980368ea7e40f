import type { Role } from '@picket/contracts/api/session';
import type { FieldFault } from '../../../server/http-error.ts';

/** Who changes people: a Manager anybody, a Unit Manager the Scanners and Readers of the own unit. */
export interface Administrator {
  readonly role: Role;
  readonly unitId: number | null;
}

/** What an account shall be. */
export interface WantedAccount {
  readonly role: Role;
  readonly businessUnitId: number | null;
  /** Asset groups that the request gives. */
  readonly assetGroupIds: readonly number[];
}

/** What there is to choose from, as far as the administrator sees it. */
export interface Choices {
  readonly unitIds: readonly number[];
  /** Groups with their units. */
  readonly groups: ReadonlyMap<number, { readonly unitId: number | null }>;
}

/** Roles that see everything: they have neither a unit nor groups. */
export const wholeRoles: readonly Role[] = ['manager', 'auditor'];
/** Roles that a Unit Manager gives and administers. */
export const unitRoles: readonly Role[] = ['scanner', 'reader'];

/** Faults of an account that somebody wants: nobody raises anybody above himself. Empty: all is well. */
export function accountFaults(by: Administrator, wanted: WantedAccount, choices: Choices): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  const confined = by.role !== 'manager';
  if (confined && !unitRoles.includes(wanted.role)) {
    faults.push({ field: 'role', message: 'A Unit Manager makes Scanners and Readers only.' });
  }
  if (wanted.businessUnitId !== null && wholeRoles.includes(wanted.role)) {
    faults.push({
      field: 'businessUnitId',
      message: 'Managers and Auditors see everything: they have no business unit.',
    });
  } else if (wanted.businessUnitId !== null && !choices.unitIds.includes(wanted.businessUnitId)) {
    faults.push({ field: 'businessUnitId', message: `There is no business unit ${wanted.businessUnitId}.` });
  } else if (confined && wanted.businessUnitId !== by.unitId) {
    faults.push({ field: 'businessUnitId', message: 'A Unit Manager makes people of the own business unit only.' });
  }
  for (const id of wanted.assetGroupIds) {
    const group = choices.groups.get(id);
    const item = String(id);
    if (!group) faults.push({ field: 'assetGroupIds', item, message: `There is no asset group ${id}.` });
    else if (confined && (by.unitId === null || group.unitId !== by.unitId))
      faults.push({ field: 'assetGroupIds', item, message: `The asset group ${id} is not of your business unit.` });
  }
  if (wanted.assetGroupIds.length > 0 && wholeRoles.includes(wanted.role)) {
    faults.push({ field: 'assetGroupIds', message: 'Managers and Auditors see everything: they need no asset group.' });
  }
  return faults;
}
