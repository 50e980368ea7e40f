import { formatIp, type IpRange } from '@picket/base/ip';
import { parseTarget } from '@picket/plan/targets';
import { type RawBuilder, sql } from 'kysely';
import { containsPattern } from '../../server/page-cursor.ts';

/**
 * What somebody typed to find hosts: an address, prefix or range finds what lies in it; anything else is part of a name
 * or of an address. `asset` is the table's name in the query.
 */
export function assetSearch(text: string): RawBuilder<unknown> {
  const target = parseTarget(text.trim());
  if (target.ok && target.value.kind === 'range') return within(target.value.range);
  const pattern = containsPattern(text.trim());
  return sql`(asset.name ilike ${pattern} or host(asset.address) like ${pattern}
    or exists (select 1 from jsonb_array_elements(asset.names) known where known ->> 'name' ilike ${pattern}))`;
}

function within(range: IpRange): RawBuilder<unknown> {
  const text = (bits: bigint) => formatIp({ family: range.family, bits });
  return sql`asset.address between ${text(range.first)}::inet and ${text(range.last)}::inet`;
}
