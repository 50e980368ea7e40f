import type { Role } from '@picket/contracts/api/session';
import { type RawBuilder, sql } from 'kysely';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { unitRoles } from './domain/account-rules.ts';

/** The tables of people: who has an account, and who was invited to have one. */
type PeopleTable = 'account' | 'invitation';

/** What rows of both tables say. */
export interface PersonRow {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly business_unit_id: number | null;
  readonly unit_name: string | null;
  /** Those that the reader sees. */
  readonly group_ids: unknown;
  /** It has asset groups that the reader does not see. */
  readonly beyond: boolean;
}

/** People that one may know of: all for a Manager or Auditor, the Scanners and Readers of the own unit for a Unit Manager. */
export function known(scope: AccessScope, table: PeopleTable): RawBuilder<unknown> {
  if (scope.role === 'manager' || scope.role === 'auditor') return sql`true`;
  const person = sql.table(table);
  return sql`(${person}.business_unit_id = ${scope.unitId}::bigint and ${person}.role in (${sql.join(unitRoles)}))`;
}

/** The columns of a `PersonRow` that other tables hold: business unit and asset groups. */
export function reachColumns(scope: AccessScope, table: PeopleTable): RawBuilder<unknown> {
  const person = sql.table(table);
  const ownGroups = sql`${sql.table(`asset_group_${table}`)} given`;
  const own = sql`given.subscription_id = ${person}.subscription_id and given.${sql.ref(`${table}_id`)} = ${person}.id`;
  const group = sql`asset_group.subscription_id = given.subscription_id and asset_group.id = given.asset_group_id`;
  return sql`
    (select unit.name from business_unit unit where unit.subscription_id = ${person}.subscription_id
      and unit.id = ${person}.business_unit_id) as unit_name,
    (select coalesce(json_agg(asset_group.id order by asset_group.id), '[]') from ${ownGroups}
      join ${seen(scope, 'asset_group')} on ${group} where ${own}) as group_ids,
    exists (select 1 from ${ownGroups} where ${own}
      and not exists (select 1 from ${seen(scope, 'asset_group')} where ${group})) as beyond`;
}
