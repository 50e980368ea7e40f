import type { BusinessUnit, businessUnitRequest } from '@picket/contracts/api/people';
import type { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './unit-queries.ts';

export async function readUnit(context: PlatformContext, scope: AccessScope, id: number): Promise<BusinessUnit> {
  const row = await queries.findUnit(scope, context.database.db, id);
  if (!row) throw notFound('unit', id);
  return row;
}

/** Makes a unit (`id` null) or changes one. */
export async function saveUnit(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: z.output<typeof businessUnitRequest>,
): Promise<BusinessUnit> {
  if (target.id !== null) await readUnit(context, scope, target.id);
  try {
    const id = await context.database.transaction(async (trx) => {
      const saved = target.id ?? (await queries.insertUnit(scope, trx, request));
      if (target.id !== null) await queries.updateUnit(scope, trx, saved, request);
      const action = target.id === null ? 'business-unit.create' : 'business-unit.update';
      const detail = { name: request.name };
      await recordAudit(scope, trx, { action, subject: `business-unit:${saved}`, detail, address: target.address });
      return saved;
    });
    return await readUnit(context, scope, id);
  } catch (error) {
    if (!isUniqueViolation(error, 'business_unit_name')) throw error;
    throw refuse({
      status: 409,
      code: 'unit.name-taken',
      message: `There is a business unit named ${request.name} already.`,
      hint: 'Choose another name.',
      errors: [{ field: 'name', message: 'is taken' }],
    });
  }
}

/** Deletes a unit that has neither people nor asset groups any more. */
export async function removeUnit(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const unit = await queries.findUnit(scope, trx, id);
    if (!unit) throw notFound('unit', id);
    if (unit.accounts + unit.assetGroups > 0) {
      throw refuse({
        status: 409,
        code: 'unit.in-use',
        message: `The business unit ${unit.name} has ${unit.accounts} people and ${unit.assetGroups} asset groups.`,
        hint: 'Give them another unit or none first: nobody shall see less by accident.',
      });
    }
    await queries.deleteUnit(scope, trx, id);
    const detail = { name: unit.name };
    await recordAudit(scope, trx, { action: 'business-unit.delete', subject: `business-unit:${id}`, detail, address });
  });
}
