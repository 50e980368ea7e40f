import {
  type OptionProfile,
  type optionProfileRequest,
  scanOptions,
  type ScanOptions,
} from '@picket/contracts/api/option-profile';
import { parsePorts } from '@picket/plan/port-set';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { builtInProfiles, type NamedOptions } from '../../jobs/option-profiles.ts';
import { namesOf, schedulesUsing, type UsingSchedules, usesProfile } from '../../jobs/schedules-using.ts';
import { recordAudit } from '../../server/audit.ts';
import { scanningRoles } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { type FieldFault, notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './profile-queries.ts';

type Request = z.output<typeof optionProfileRequest>;

/** The built-in ones first, then the saved ones that the caller sees. */
export async function profilePage(
  context: PlatformContext,
  scope: AccessScope,
  page: { cursor?: string | undefined; limit: number },
) {
  const { db } = context.database;
  const after = Number(decodeCursor('option-profile', 1, page.cursor)?.[0] ?? 0);
  const items: OptionProfile[] = [];
  for (const one of builtInProfiles) if (one.id > after) items.push(await shownBuiltIn(scope, db, one));
  const left = page.limit + 1 - items.length;
  const rows = left > 0 ? await queries.listProfiles(scope, db, { after, limit: left }) : [];
  for (const row of rows) items.push(await shown(scope, db, row));
  const total = builtInProfiles.length + (await queries.countProfiles(scope, db));
  return pageOf(items, page.limit, total, {
    item: (one) => one,
    cursor: (one) => encodeCursor('option-profile', [one.id]),
  });
}

export async function readProfile(context: PlatformContext, scope: AccessScope, id: number): Promise<OptionProfile> {
  const { db } = context.database;
  const builtIn = builtInProfiles.find((one) => one.id === id);
  if (builtIn) return shownBuiltIn(scope, db, builtIn);
  const [row] = await queries.listProfiles(scope, db, { after: 0, limit: 1, id });
  if (!row) throw notFound('profile', id);
  return shown(scope, db, row);
}

async function shownBuiltIn(scope: AccessScope, db: Kysely<Schema>, one: NamedOptions): Promise<OptionProfile> {
  const { seen } = await schedulesUsing(scope, db, usesProfile(one.id));
  return {
    ...one,
    builtIn: true,
    everybody: true,
    owner: null,
    schedules: seen.length,
    mayChange: false,
    updatedAt: null,
    updatedBy: null,
  };
}

async function shown(scope: AccessScope, db: Kysely<Schema>, row: queries.ProfileRow): Promise<OptionProfile> {
  const { seen } = await schedulesUsing(scope, db, usesProfile(row.id));
  return {
    id: row.id,
    name: row.name,
    builtIn: false,
    version: row.version,
    everybody: row.everybody,
    owner: row.owner_login,
    options: scanOptions.parse(row.options),
    schedules: seen.length,
    mayChange: mayChange(scope, row),
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

function mayChange(scope: AccessScope, row: queries.ProfileRow): boolean {
  if (scope.role === 'manager') return true;
  return scanningRoles.includes(scope.role) && !row.everybody && row.owner_account === scope.accountId;
}

/** Makes a profile (`id` null): a Manager's is for everybody. Or changes one, which is its next version. */
export async function saveProfile(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: Request,
): Promise<OptionProfile> {
  refuseFaults(scope, request.options);
  try {
    const id = await context.database.transaction(async (trx) => {
      const fields = { ...request, now: new Date(context.clock.now()) };
      if (target.id !== null) await requireChangeable(scope, trx, target.id);
      const saved = target.id ?? (await queries.insertProfile(scope, trx, fields));
      if (target.id !== null) await queries.updateProfile(scope, trx, saved, fields);
      const { ports, rate = null, ...options } = request.options;
      await recordAudit(scope, trx, {
        action: target.id === null ? 'option-profile.create' : 'option-profile.update',
        subject: `option-profile:${saved}`,
        detail: { name: request.name, ports: ports.slice(0, 200), rate, ...options },
        address: target.address,
      });
      return saved;
    });
    return await readProfile(context, scope, id);
  } catch (error) {
    if (!isUniqueViolation(error, 'option_profile_name')) throw error;
    throw refuse({
      status: 409,
      code: 'profile.name-taken',
      message: `There is an option profile "${request.name}" already.`,
      hint: 'Choose another name.',
      errors: [{ field: 'name', message: 'This name is taken.' }],
    });
  }
}

function refuseFaults(scope: AccessScope, options: ScanOptions): void {
  const faults: FieldFault[] = [];
  const ports = parsePorts(options.ports);
  if (!ports.ok) faults.push({ field: 'options.ports', item: ports.error.item, message: ports.error.message });
  if (options.intrusive && scope.role !== 'manager') {
    const message = 'Only a Manager may run checks that can disturb a service.';
    faults.push({ field: 'options.intrusive', message });
  }
  if (faults.length === 0) return;
  throw refuse({
    status: 400,
    code: 'profile.invalid',
    message: `The option profile has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults[0]?.message ?? ''}`,
    hint: 'Mend what is named and save it again. Nothing was changed.',
    errors: faults,
  });
}

async function requireChangeable(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<queries.ProfileRow> {
  const builtIn = builtInProfiles.find((one) => one.id === id);
  if (builtIn) {
    throw refuse({
      status: 409,
      code: 'profile.built-in',
      message: `The option profile ${builtIn.name} comes with the product: it can be neither changed nor deleted.`,
      hint: 'Copy it under another name.',
    });
  }
  const row = await queries.lockProfile(scope, trx, id);
  if (!row) throw notFound('profile', id);
  if (mayChange(scope, row)) return row;
  throw refuse({
    status: 403,
    code: 'profile.not-yours',
    message: `The option profile ${row.name} is for everybody: only a Manager changes it.`,
    hint: 'Copy it under another name.',
  });
}

/** Deletes a profile that no schedule uses. Jobs keep the options that were copied into them. */
export async function removeProfile(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const { name } = await requireChangeable(scope, trx, id);
    const using = await schedulesUsing(scope, trx, usesProfile(id));
    if (using.seen.length + using.others > 0) throw inUse(name, using);
    await queries.deleteProfile(scope, trx, id);
    await recordAudit(scope, trx, {
      action: 'option-profile.delete',
      subject: `option-profile:${id}`,
      detail: { name },
      address,
    });
  });
}

function inUse(name: string, using: UsingSchedules) {
  return refuse({
    status: 409,
    code: 'profile.in-use',
    message: `The option profile ${name} is used by schedules: ${namesOf(using)}.`,
    hint: 'Choose other options for these schedules, then delete it.',
  });
}
