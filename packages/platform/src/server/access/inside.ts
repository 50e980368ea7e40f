import { familyBits, formatIp } from '@picket/base/ip';
import type { RangeSet } from '@picket/base/range-set';
import { type RawBuilder, sql } from 'kysely';
import type { ConfinedSight } from './sight.ts';

/** The address lies in a visible range of its network. A binary search for each row; the planner keeps a Manager's plan. */
export function inside(
  sight: ConfinedSight,
  networkId: RawBuilder<unknown>,
  address: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return byNetwork(sight, networkId, (edges) => sql`width_bucket(${address}, ${edges}) % 2 = 1`);
}

/** All ranges of the job lie in visible ranges of its network. A job without ranges is not seen. */
export function wholeInside(sight: ConfinedSight, alias: 'scan' | 'job'): RawBuilder<unknown> {
  const job = sql.table(alias);
  return byNetwork(
    sight,
    sql`${job}.network_id`,
    (edges) => sql`coalesce((
      select bool_and(width_bucket(part.first_address, ${edges}) % 2 = 1
        and width_bucket(part.first_address, ${edges}) = width_bucket(part.last_address, ${edges}))
      from scan_range part where part.subscription_id = ${job}.subscription_id and part.scan_id = ${job}.id), false)`,
  );
}

function byNetwork(
  sight: ConfinedSight,
  networkId: RawBuilder<unknown>,
  test: (edges: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const cases = [...sight.networks]
    .filter(([, ranges]) => ranges.length > 0)
    // The sub-select makes one array of the text for the whole query, not one for each row.
    .map(([id, ranges]) => sql`when ${id} then ${test(sql`(select ${edgesOf(ranges)}::text::inet[])`)}`);
  return cases.length === 0 ? sql`false` : sql`case ${networkId} ${sql.join(cases, sql` `)} else false end`;
}

/**
 * Where visibility changes, in order: the first address of each range and the one after its last. An address with an odd number
 * of edges at or below it is inside.
 */
export function edgesOf(ranges: RangeSet): string {
  const edges = ranges.flatMap(({ family, first, last }) => {
    const from = formatIp({ family, bits: first });
    if (last + 1n < 1n << BigInt(familyBits(family))) return [from, formatIp({ family, bits: last + 1n })];
    // After the last IPv4 address comes the first IPv6 address, after the last of those nothing.
    return family === 4 ? [from, '::'] : [from];
  });
  return `{${edges.join()}}`;
}
