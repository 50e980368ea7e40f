import { type IpRange, parseIp } from '@picket/base/ip';
import { type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import type { Role } from '@picket/contracts/api/session';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../storage/schema.ts';
import type { Sight } from './sight.ts';

/** A range of a group, or the group alone when it has none. */
export interface GroupRow {
  readonly id: number;
  readonly coversAll: boolean;
  readonly networkId: number | null;
  readonly kind: 'range' | 'exclusion' | null;
  readonly first: string | null;
  readonly last: string | null;
}

/** Roles that see the whole subscription without any asset group. */
const seeEverything: readonly Role[] = ['manager', 'auditor'];

/** What an account sees: its asset groups, for a Unit Manager also those of the unit. One query; none for a Manager or Auditor. */
export async function readSight(
  account: { readonly subscriptionId: number; readonly id: number; readonly role: Role },
  db: Kysely<Schema>,
): Promise<Sight> {
  if (seeEverything.includes(account.role)) return 'everything';
  const { rows } = await sql<GroupRow>`
    select g.id, g.covers_all as "coversAll", r.network_id as "networkId", r.kind, host(r.first_address) as first, host(r.last_address) as last
    from account
    join asset_group g on g.subscription_id = account.subscription_id and (
      exists (select 1 from asset_group_account given where given.subscription_id = g.subscription_id
        and given.asset_group_id = g.id and given.account_id = account.id)
      or (account.role = 'unit-manager' and g.business_unit_id = account.business_unit_id))
    left join asset_group_range r on r.subscription_id = g.subscription_id and r.asset_group_id = g.id
    where account.subscription_id = ${account.subscriptionId} and account.id = ${account.id}
    order by g.id`.execute(db);
  if (rows.some((row) => row.coversAll)) return 'everything';
  return { groupIds: [...new Set(rows.map((row) => row.id))], networks: seenNetworks(rows) };
}

/** The union of what each group covers; a group's exclusions take out of that group alone. */
export function seenNetworks(rows: readonly Omit<GroupRow, 'coversAll'>[]): ReadonlyMap<number, RangeSet> {
  const parts = new Map<number, IpRange[]>();
  for (const group of Map.groupBy(rows, (row) => `${row.id}/${row.networkId}`).values()) {
    const networkId = group[0]?.networkId ?? null;
    if (networkId === null) continue;
    const of = (kind: 'range' | 'exclusion') => rangeSet(group.filter((row) => row.kind === kind).flatMap(rangeOf));
    parts.set(networkId, [...(parts.get(networkId) ?? []), ...subtract(of('range'), of('exclusion'))]);
  }
  return new Map([...parts].map(([id, ranges]) => [id, rangeSet(ranges)]));
}

function rangeOf({ first, last }: Pick<GroupRow, 'first' | 'last'>): readonly IpRange[] {
  const from = parseIp(first ?? '');
  const to = parseIp(last ?? '');
  if (!from.ok || !to.ok || from.value.family !== to.value.family) return [];
  return [{ family: from.value.family, first: from.value.bits, last: to.value.bits }];
}
