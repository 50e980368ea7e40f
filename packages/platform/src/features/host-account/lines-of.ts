import { formatRange, type IpAddress } from '@picket/base/ip';
import { contains, rangeSet } from '@picket/base/range-set';
import type { ScanRequest } from '@picket/contracts/api/scan';
import { exclusionSources } from '../../jobs/exclusion-sources.ts';
import { blocksSet, type StoredPlan } from '../../jobs/stored-plan.ts';
import { readGroups } from '../../server/access/read-groups.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { linesWith, type ScopeLine } from './domain/scope-lines.ts';
import { isRegistered } from './queries.ts';

/** An address, and the job that is asked about it. */
export interface Asked {
  readonly text: string;
  readonly address: IpAddress;
  readonly request: ScanRequest;
  readonly plan: StoredPlan;
  readonly networkId: number;
}

/** Lines that one account tells, at most. */
const toldLines = 20;

const sourceOf = {
  subscription: 'subscription-exclusion',
  network: 'network-exclusion',
  'asset-group': 'group-exclusion',
  scan: 'exclude',
} as const;

/** Lines that hold the address: what was written for the job, and the asset groups and exclusions as they are now. */
export async function linesOf(
  context: PlatformContext,
  scope: AccessScope,
  { text, address, request, plan, networkId }: Asked,
): Promise<{ readonly lines: readonly ScopeLine[]; readonly registered: boolean }> {
  const { db } = context.database;
  const names = new Map(plan.names.map(({ name, addresses }) => [name, blocksSet(addresses)]));
  const targets = linesWith(request.targets, address, { source: 'targets', names });
  const groups = await readGroups(scope, db, request.assetGroupIds);
  const held = [...groups.values()]
    .filter((group) => group.coversAll || contains(rangeSet(group.networks.get(networkId) ?? []), address))
    .map(({ name }): ScopeLine => ({ source: 'asset-group', effect: 'includes', text: name, line: null }));
  const registered = await isRegistered(scope, db, networkId, text);
  const lines = [...targets, ...held];
  if (contains(blocksSet(plan.exclusions), address)) {
    const sources = await exclusionSources(scope, db, { networkId, assetGroupIds: request.assetGroupIds });
    const out = [
      ...linesWith(request.exclude, address, { source: 'exclude', names }),
      ...sources.flatMap(({ source, ranges }) => {
        const range = ranges.find((one) => contains([one], address));
        if (!range) return [];
        return [{ source: sourceOf[source], effect: 'excludes' as const, text: formatRange(range), line: null }];
      }),
    ];
    const earlier = { source: 'earlier-exclusion', effect: 'excludes', text: '', line: null } as const;
    lines.push(...(out.length === 0 ? [earlier] : out));
  }
  return { lines: lines.slice(0, toldLines), registered };
}
