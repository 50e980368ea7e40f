import { formatRange, type IpAddress, parseRange } from '@picket/base/ip';
import { contains, rangeSet } from '@picket/base/range-set';
import type { ScanRequest } from '@picket/contracts/api/scan';
import { hostEvent } from '@picket/contracts/event';
import { z } from 'zod';
import { readTags } from '../../jobs/asset-tags.ts';
import { exclusionSources } from '../../jobs/exclusion-sources.ts';
import { blocksSet, type StoredPlan } from '../../jobs/stored-plan.ts';
import { readGroups } from '../../server/access/read-groups.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { linesWith, type ScopeLine } from './domain/scope-lines.ts';
import { factsOfHost, isRegistered, isTagged } from './queries.ts';

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
  const found = await foundLines(context, scope, { text, address, request, networkId });
  const registered = await isRegistered(scope, db, networkId, text);
  const lines = [...targets, ...held, ...found];
  const gone = { source: 'earlier-target', effect: 'includes', text: '', line: null } as const;
  if (lines.length === 0 && contains(blocksSet(plan.ranges), address)) lines.push(gone);
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

/** Tags and the map that the request took for targets, as far as they hold the address now. */
async function foundLines(
  { database }: PlatformContext,
  scope: AccessScope,
  { text, address, request, networkId }: Omit<Asked, 'plan'>,
): Promise<readonly ScopeLine[]> {
  const lines: ScopeLine[] = [];
  for (const tag of await readTags(scope, database.db, request.tagIds ?? [])) {
    if (await isTagged(scope, database.db, { networkId, address: text }, tag))
      lines.push({ source: 'tag', effect: 'includes', text: tag.name, line: null });
  }
  const { fromMap } = request;
  const within = rangeSet((fromMap?.networks ?? []).flatMap(rangeIn));
  if (fromMap === undefined || (fromMap.networks.length > 0 && !contains(within, address))) return lines;
  const facts = await factsOfHost(scope, database.db, fromMap.id, text);
  const up = facts.some((fact) => isUp.safeParse(fact).success);
  return up ? [...lines, { source: 'map', effect: 'includes', text: String(fromMap.id), line: null }] : lines;
}

const isUp = hostEvent.pick({ type: true }).extend({ state: z.literal('up') });

function rangeIn(text: string) {
  const range = parseRange(text);
  return range.ok ? [range.value] : [];
}
