import { parseRange } from '@picket/base/ip';
import { rangeSet, type RangeSet } from '@picket/base/range-set';
import { type ScanNetwork, scanNetwork } from '@picket/contracts/scan-network';
import type { Claims } from '@picket/plan/claims';
import type { Kysely } from 'kysely';
import { withoutSwitchedOff } from '../../appliance-protocol/domain/switched-scan-network.ts';
import { seen } from '../../server/access/seen.ts';
import type { AccessScope } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import type { Schema } from '../../storage/schema.ts';

/**
 * Addresses to which the appliances of a job have a VLAN or a static route in force, by appliance. Others of the job, whose network
 * Picket manages too, leave these addresses to them. Empty where one appliance alone may run it. A VLAN with DHCP or router
 * advertisements has no addresses that the platform knows.
 */
export async function claimsOf(
  scope: AccessScope,
  db: Kysely<Schema>,
  job: { readonly networkId: number; readonly applianceIds: readonly number[] },
): Promise<Claims> {
  if (job.applianceIds.length === 1) return new Map();
  const rows = await db
    .selectFrom(seen(scope, 'appliance_network'))
    .innerJoin(seen(scope, 'appliance_scan_network'), (join) =>
      join
        .onRef('appliance_scan_network.subscription_id', '=', 'appliance_network.subscription_id')
        .onRef('appliance_scan_network.appliance_id', '=', 'appliance_network.appliance_id'),
    )
    .select(['appliance_scan_network.appliance_id', 'appliance_scan_network.document'])
    .where('appliance_network.subscription_id', '=', scope.subscriptionId)
    .where('appliance_network.network_id', '=', job.networkId)
    .where('appliance_scan_network.state', '=', 'applied')
    .$if(job.applianceIds.length > 0, (query) =>
      query.where('appliance_scan_network.appliance_id', 'in', [...job.applianceIds]),
    )
    .execute();
  if (rows.length === 0) return new Map();
  const features = await readFeatures(scope, db);
  const claims = rows.map(({ appliance_id: id, document }) => {
    return [id, ownNetworks(withoutSwitchedOff(scanNetwork.parse(document), features))] as const;
  });
  return new Map(claims.filter(([, ranges]) => ranges.length > 0));
}

/** Networks of its VLANs with an address that the platform gave, and destinations of its routes, but for default routes. */
function ownNetworks({ vlans, routes }: ScanNetwork): RangeSet {
  const fixed = vlans.flatMap((vlan) => [vlan.ipv4, vlan.ipv6]);
  const texts = [
    ...fixed.flatMap((one) => (one?.method === 'static' ? [`${one.address}/${one.prefixLength}`] : [])),
    ...routes.map(({ destination }) => destination).filter((destination) => !destination.endsWith('/0')),
  ];
  return rangeSet(
    texts.flatMap((text) => {
      const range = parseRange(text);
      return range.ok ? [range.value] : [];
    }),
  );
}
