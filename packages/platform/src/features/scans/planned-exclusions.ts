import { parseIp } from '@picket/base/ip';
import { countAddresses, intersect, type RangeSet, rangeSet } from '@picket/base/range-set';
import type { ExcludedPart } from '@picket/contracts/api/exclusion';
import type { ScanRequest } from '@picket/contracts/api/scan';
import type { Plan } from '@picket/plan/plan';
import type { Kysely } from 'kysely';
import { excludedNames, type ExclusionSource, exclusionSources } from '../../jobs/exclusion-sources.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';

/** What others than the request itself exclude, at the moment of its planning. */
export interface PlannedExclusions {
  readonly sources: readonly ExclusionSource[];
  /** Names that the whole subscription excludes; to be resolved with those of the request. */
  readonly names: readonly string[];
}

/** Read anew for every plan, so that a scheduled run keeps to the exclusions of its own moment. */
export async function readPlannedExclusions(
  scope: AccessScope,
  db: Kysely<Schema>,
  request: ScanRequest,
): Promise<PlannedExclusions> {
  return { sources: await exclusionSources(scope, db, request), names: await excludedNames(scope, db) };
}

/** All of them as one set. A name that does not resolve any more still excludes what it was saved with. */
export function alsoExcluded(
  { sources, names }: PlannedExclusions,
  resolved: ReadonlyMap<string, readonly string[]>,
): RangeSet {
  return rangeSet([...sources.flatMap((source) => source.ranges), ...addressesOf(names, resolved)]);
}

function addressesOf(names: readonly string[], resolved: ReadonlyMap<string, readonly string[]>): RangeSet {
  const ranges = names
    .flatMap((name) => resolved.get(name) ?? [])
    .flatMap((text) => {
      const address = parseIp(text);
      return address.ok ? [{ family: address.value.family, first: address.value.bits, last: address.value.bits }] : [];
    });
  return rangeSet(ranges);
}

/**
 * How many addresses of the targets each source leaves out; a source that leaves out none is not there. What a group excludes lies in
 * the group, and is no target of the plan any more: it counts as far as it is registered.
 */
export function excludedParts(
  { sources, names }: PlannedExclusions,
  resolved: ReadonlyMap<string, readonly string[]>,
  plan: Pick<Plan, 'wanted' | 'excludeWritten'> & { readonly registered: RangeSet },
): readonly ExcludedPart[] {
  const everywhere = sources.filter((one) => one.source === 'subscription').flatMap((one) => one.ranges);
  const all: readonly ExclusionSource[] = [
    { source: 'subscription', name: null, ranges: rangeSet([...everywhere, ...addressesOf(names, resolved)]) },
    ...sources.filter((one) => one.source !== 'subscription'),
    { source: 'scan', name: null, ranges: plan.excludeWritten },
  ];
  return all
    .map(({ source, name, ranges }) => {
      const targets = source === 'asset-group' ? plan.registered : plan.wanted;
      return { source, name, addresses: countAddresses(intersect(ranges, targets)) };
    })
    .filter((part) => part.addresses > 0n)
    .map((part) => ({ ...part, addresses: part.addresses.toString() }));
}
