import { scanOptions, type ScanOptions } from '@picket/contracts/api/option-profile';
import type { ScanRequest } from '@picket/contracts/api/scan';
import { type Kysely, sql } from 'kysely';
import type { AccessScope } from '../server/context.ts';
import type { FieldFault } from '../server/http-error.ts';
import type { Schema } from '../storage/schema.ts';

/** Saved options under a name, in one of their versions. */
export interface NamedOptions {
  readonly id: number;
  readonly name: string;
  readonly version: number;
  readonly options: ScanOptions;
}

/** Those that come with the product. Their ids never change; saved ones begin at 100. */
export const builtInProfiles: readonly NamedOptions[] = (['gentle', 'normal', 'fast'] as const).map((profile, at) => ({
  id: at + 1,
  name: `${profile[0]?.toUpperCase()}${profile.slice(1)}`,
  version: 1,
  options: scanOptions.parse({ profile }),
}));

/** The ones for everybody and the own ones; Managers and Auditors see all. */
export function visibleProfiles(scope: AccessScope) {
  if (scope.role === 'manager' || scope.role === 'auditor') return sql<boolean>`true`;
  return sql<boolean>`(option_profile.everybody or option_profile.owner_account = ${scope.accountId})`;
}

/** A profile that the caller may use; null: there is none, or it is somebody else's. */
export async function findNamedOptions(
  scope: AccessScope,
  db: Kysely<Schema>,
  id: number,
): Promise<NamedOptions | null> {
  const builtIn = builtInProfiles.find((one) => one.id === id);
  if (builtIn) return builtIn;
  const row = await db
    .selectFrom('option_profile')
    .select(['id', 'name', 'version', 'options'])
    .where('subscription_id', '=', scope.subscriptionId)
    .where('id', '=', id)
    .where(visibleProfiles(scope))
    .executeTakeFirst();
  return row ? { ...row, options: scanOptions.parse(row.options) } : null;
}

/** A request with the options of the profile that it names, as they are now, copied into it. */
export interface ProfiledRequest {
  readonly request: ScanRequest;
  readonly used: Omit<NamedOptions, 'options'> | null;
  readonly faults: readonly FieldFault[];
}

export async function withOptionProfile(
  scope: AccessScope,
  db: Kysely<Schema>,
  request: ScanRequest,
): Promise<ProfiledRequest> {
  const { optionProfileId: id, rate: _own, ...rest } = request;
  if (id === undefined) return { request, used: null, faults: [] };
  const found = await findNamedOptions(scope, db, id);
  if (!found) {
    const message = `There is no option profile ${id}. Choose one of the list, or write the options.`;
    return { request, used: null, faults: [{ field: 'optionProfileId', item: String(id), message }] };
  }
  const { options, ...used } = found;
  return { request: { ...rest, ...options, optionProfileId: id }, used, faults: [] };
}
