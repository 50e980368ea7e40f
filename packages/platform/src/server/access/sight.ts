import type { RangeSet } from '@picket/base/range-set';

/** What an account sees of a subscription, computed anew with every request from its asset groups. */
export type Sight = 'everything' | ConfinedSight;

/** Part of the subscription. Empty: nothing at all, as for an account without an asset group. */
export interface ConfinedSight {
  /** Asset groups of the account, and for a Unit Manager those of the unit. */
  readonly groupIds: readonly number[];
  /** Addresses by network: merged, disjoint, in order. A network that is not here is not seen. */
  readonly networks: ReadonlyMap<number, RangeSet>;
}

/** Whose eyes a query has: the part of an access scope that confines what it reads. */
export interface Viewer {
  readonly subscriptionId: number;
  readonly sight: Sight;
}

/** The platform itself: appliances' messages, background work, and what is found out before anybody is signed in. */
export function wholeSubscription(subscriptionId: number): Viewer {
  return { subscriptionId, sight: 'everything' };
}

/** True when one may see the asset group. */
export function seesGroup({ sight }: Viewer, groupId: number): boolean {
  return sight === 'everything' || sight.groupIds.includes(groupId);
}

/** Addresses of a network that are seen; null: all of them. */
export function seenRanges({ sight }: Viewer, networkId: number): RangeSet | null {
  return sight === 'everything' ? null : (sight.networks.get(networkId) ?? []);
}

/** Two viewers with the same text see the same. */
export function sightKey({ sight }: Viewer): string {
  if (sight === 'everything') return sight;
  const ranges = [...sight.networks].map(
    ([id, set]) => `${id}:${set.map((r) => `${r.family}/${r.first}-${r.last}`).join()}`,
  );
  return `${sight.groupIds.join()}|${ranges.join('|')}`;
}
