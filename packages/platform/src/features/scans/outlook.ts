import { isoTime } from '@picket/base/clock';
import { canonicalIp, parseRange } from '@picket/base/ip';
import { countAddresses, intersect, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';
import type { PlanOutlook } from '@picket/contracts/api/plan-outlook';
import { routeEvent } from '@picket/contracts/event';
import type { Kysely } from 'kysely';
import { blocksSet } from '../../jobs/stored-plan.ts';
import { readGroups } from '../../server/access/read-groups.ts';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { durationEstimate } from './domain/duration-estimate.ts';
import { hopsOnTheWay } from './domain/hops-on-the-way.ts';
import { windowFit } from './domain/window-fit.ts';
import { foundBlocks, hopAssets, linkPrefixes, measuredRuns, tracedWays } from './outlook-queries.ts';
import type { ReadyPlan } from './planning.ts';
import { networkLimits } from './queries.ts';
import { claimsOf } from './reach.ts';

interface Candidate {
  readonly id: number;
  readonly name: string;
  readonly online: boolean;
}

/** What can be expected of a plan that may run, from what is stored of earlier jobs. `startsAt`: milliseconds since the epoch. */
export async function readOutlook(
  scope: AccessScope,
  db: Kysely<Schema>,
  ready: ReadyPlan,
  of: { readonly appliances: readonly Candidate[]; readonly startsAt: number },
): Promise<PlanOutlook> {
  const ranges = blocksSet(ready.stored.ranges);
  const { networkId } = ready.request;
  const runs = await measuredRuns(scope, db, networkId, ready.stored);
  const measured = runs.map((run) => ({ ...run, startedAt: isoTime(run.startedAt.getTime()) }));
  const duration = durationEstimate(measured, ready.stored.estimate.seconds);
  return {
    startsAt: isoTime(of.startsAt),
    duration,
    windows: windowsOf(ready, of.startsAt, duration.seconds * 1000),
    way: await wayTo(scope, db, networkId, ranges),
    reach: await reachOf(scope, db, { networkId, ranges, appliances: of.appliances }),
    unregistered: await unregisteredOf(scope, db, ready),
  };
}

function windowsOf({ windows, request }: ReadyPlan, startsAt: number, needMs: number): PlanOutlook['windows'] {
  if (windows.length === 0 && request.runLimit === undefined) return null;
  const { opensAt, endsAt, ...fit } = windowFit(windows, startsAt, needMs, request.runLimit);
  const zone = (windows.find(({ kind }) => kind === 'allow') ?? windows[0])?.zone ?? 'UTC';
  return {
    ...fit,
    opensAt: opensAt === null ? null : isoTime(opensAt),
    endsAt: endsAt === null ? null : isoTime(endsAt),
    zone,
  };
}

const nothingKnown: PlanOutlook['way'] = { known: 'not-known', traced: 0, hops: [], scanId: null, at: null };

async function wayTo(
  scope: AccessScope,
  db: Kysely<Schema>,
  networkId: number,
  ranges: RangeSet,
): Promise<PlanOutlook['way']> {
  const rows = await tracedWays(scope, db, networkId, ranges);
  const newest = newestOf(rows);
  if (newest) {
    const ways = rows.map(({ address, hops }) => ({
      address: canonicalIp(address) ?? address,
      hops: routeEvent.shape.hops.parse(hops).flatMap((hop) => hop.address ?? []),
    }));
    const addresses = [...new Set(ways.flatMap((way) => way.hops))];
    const assets = await hopAssets(scope, db, networkId, addresses);
    const known = new Map(
      assets.map(({ address, name, words }) => [address, { name, words: words.filter((word) => word !== null) }]),
    );
    return { known: 'traced', traced: rows.length, hops: hopsOnTheWay(ways, known), ...newest };
  }
  const links = await linkPrefixes(scope, db, networkId);
  const onLink = rangeSet(links.flatMap(({ prefix }) => rangeIn(prefix)));
  if (subtract(ranges, onLink).length > 0) return nothingKnown;
  return { known: 'on-link', traced: 0, hops: [], ...(newestOf(links) ?? { scanId: null, at: null }) };
}

function rangeIn(text: string) {
  const range = parseRange(text);
  return range.ok ? [range.value] : [];
}

function newestOf(rows: readonly { readonly scanId: number; readonly at: Date }[]) {
  const newest = rows.toSorted((a, b) => b.scanId - a.scanId)[0];
  return newest ? { scanId: newest.scanId, at: isoTime(newest.at.getTime()) } : null;
}

async function reachOf(
  scope: AccessScope,
  db: Kysely<Schema>,
  of: { readonly networkId: number; readonly ranges: RangeSet; readonly appliances: readonly Candidate[] },
): Promise<PlanOutlook['reach']> {
  const { networkId, ranges, appliances } = of;
  const claims = await claimsOf(scope, db, { networkId, applianceIds: [] });
  const blocks = await foundBlocks(
    scope,
    db,
    networkId,
    appliances.map(({ id }) => id),
  );
  return appliances.map(({ id, name, online }) => {
    const found = blocks.filter(
      (one) => one.applianceId === id && intersect(rangeSet(rangeIn(one.block)), ranges).length > 0,
    );
    const own = intersect(claims.get(id) ?? [], ranges).length > 0;
    const newest = newestOf(found) ?? { scanId: null, at: null };
    const hosts = found.filter((one) => one.scanId === newest.scanId).reduce((sum, one) => sum + one.up, 0);
    return { id, name, online, way: own ? 'own-network' : hosts > 0 ? 'found-hosts' : 'not-known', hosts, ...newest };
  });
}

/** Addresses of the groups that are no targets because nobody registered them. */
async function unregisteredOf(
  scope: AccessScope,
  db: Kysely<Schema>,
  { request: { networkId, assetGroupIds } }: ReadyPlan,
): Promise<PlanOutlook['unregistered']> {
  if (assetGroupIds.length === 0) return [];
  const groups = await readGroups(scope, db, assetGroupIds);
  const network = await networkLimits(scope, db, networkId);
  return [...groups.values()].flatMap(({ name, coversAll, networks }) => {
    const missing = coversAll ? [] : subtract(networks.get(networkId) ?? [], network?.ranges ?? []);
    return missing.length === 0 ? [] : [{ group: name, addresses: countAddresses(missing).toString() }];
  });
}
