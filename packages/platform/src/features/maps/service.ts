import { isoTime } from '@picket/base/clock';
import type {
  listMapHostsQuery,
  MapAnswer,
  MapDifferenceAnswer,
  mapDifferenceQuery,
  MapHostItem,
  MapJob,
} from '@picket/contracts/api/map';
import { compareSteps, type MapSide } from '@picket/contracts/map/difference';
import type { DifferenceKind, MapDifference } from '@picket/contracts/map/map-difference';
import type { MapHost } from '@picket/contracts/map/map-result';
import type { z } from 'zod';
import { storedPlan } from '../../jobs/stored-plan.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor } from '../../server/page-cursor.ts';
import { coverageOf } from './domain/coverage.ts';
import { assetIds, findBaseline, findJob, type JobRow, openUnits } from './map-queries.ts';
import { inTurns } from './in-turns.ts';
import type { MapStore } from './map-store.ts';

/** What the map feature works with. */
export interface MapDeps {
  readonly context: PlatformContext;
  readonly store: MapStore;
}

async function jobOf({ context }: MapDeps, scope: AccessScope, id: number): Promise<JobRow> {
  const job = await findJob(scope, context.database.db, id);
  if (!job) throw notFound('map', id);
  return job;
}

/** Networks, gateways, hops and counts of a job. */
export async function readMap(deps: MapDeps, scope: AccessScope, id: number): Promise<MapAnswer> {
  const job = await jobOf(deps, scope, id);
  const { skeleton } = await deps.store.read(scope, deps.context.database.db, job);
  return { ...skeleton, job: shownJob(job) };
}

/** A page of hosts by address. */
export async function mapHostPage(
  deps: MapDeps,
  scope: AccessScope,
  id: number,
  query: z.output<typeof listMapHostsQuery>,
): Promise<{ items: MapHostItem[]; nextCursor: string | null; total: number }> {
  const { db } = deps.context.database;
  const job = await jobOf(deps, scope, id);
  const { hosts } = await deps.store.read(scope, db, job);
  const wanted = hosts.filter((host) => matches(host, query));
  const page = pageFrom(wanted, query, 'map-host', (host) => host.address);
  const ids = await assetIds(
    scope,
    db,
    job.network_id,
    page.items.map((host) => host.address),
  );
  return { ...page, items: page.items.map((host) => ({ ...host, assetId: ids.get(host.address) ?? null })) };
}

function matches(host: MapHost, query: z.output<typeof listMapHostsQuery>): boolean {
  if (query.network !== undefined && host.network !== query.network) return false;
  if (query.role === 'none' && host.roles.length > 0) return false;
  if (query.role !== undefined && query.role !== 'none' && !host.roles.some((one) => one.role === query.role))
    return false;
  const text = query.q?.trim().toLowerCase() ?? '';
  if (text === '') return true;
  const told = [host.address, host.mac, host.macVendor, host.os, ...host.names.map((name) => name.name)];
  return told.some((part) => part?.toLowerCase().includes(text));
}

/** A page of what is not as it was. */
export async function mapDifference(
  deps: MapDeps,
  scope: AccessScope,
  id: number,
  query: z.output<typeof mapDifferenceQuery>,
): Promise<MapDifferenceAnswer> {
  const { db } = deps.context.database;
  const job = await jobOf(deps, scope, id);
  const earlier = query.to === undefined ? await findBaseline(scope, db, job) : await jobOf(deps, scope, query.to);
  if (!earlier) return { ...pageOfNothing, baseline: null, sameTargets: false };
  if (earlier.network_id !== job.network_id) throw otherNetwork(job, earlier);
  const before = await sideOf(deps, scope, earlier);
  const after = await sideOf(deps, scope, job);
  const difference = await inTurns(compareSteps(before, after));
  const wanted = difference.items.filter((item) => query.kind === undefined || item.kind === query.kind);
  return {
    ...pageFrom(wanted, query, 'map-difference', (item) => item.address),
    baseline: shownJob(earlier),
    sameTargets: sameRanges(earlier, job),
    counts: countKinds(difference),
    networks: difference.networks,
  };
}

async function sideOf(deps: MapDeps, scope: AccessScope, job: JobRow): Promise<MapSide> {
  const { db } = deps.context.database;
  const map = await deps.store.read(scope, db, job);
  return { map, coverage: coverageOf(storedPlan.parse(job.plan), await openUnits(scope, db, job.id)) };
}

function otherNetwork(job: JobRow, earlier: JobRow) {
  return refuse({
    status: 400,
    code: 'map.other-network',
    message: `Job ${earlier.id} is of the network ${earlier.network_name}, job ${job.id} of ${job.network_name}: the same address is another host there.`,
    hint: 'Compare maps of one network, or leave "to" out for the last one before it.',
  });
}

function sameRanges(a: JobRow, b: JobRow): boolean {
  return storedPlan.parse(a.plan).ranges.join() === storedPlan.parse(b.plan).ranges.join();
}

function countKinds({ items, same }: MapDifference): MapDifferenceAnswer['counts'] {
  const of = (kind: DifferenceKind) => items.filter((item) => item.kind === kind).length;
  return {
    new: of('new'),
    gone: of('gone'),
    changed: of('changed'),
    notTested: of('not-tested'),
    notTestedBefore: of('not-tested-before'),
    same,
  };
}

const pageOfNothing = {
  items: [],
  nextCursor: null,
  total: 0,
  counts: { new: 0, gone: 0, changed: 0, notTested: 0, notTestedBefore: 0, same: 0 },
  networks: [],
};

/** The page after the item that the cursor names; from the start when that item is no longer there. */
function pageFrom<Item>(
  all: readonly Item[],
  query: { readonly cursor?: string | undefined; readonly limit: number },
  sort: string,
  key: (item: Item) => string,
): { items: Item[]; nextCursor: string | null; total: number } {
  const cursor = decodeCursor(sort, 1, query.cursor);
  const from = cursor === null ? 0 : all.findIndex((item) => key(item) === cursor[0]) + 1;
  const items = all.slice(from, from + query.limit);
  const last = items.at(-1);
  const more = from + query.limit < all.length && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(sort, [key(last)]) : null, total: all.length };
}

function shownJob(row: JobRow): MapJob {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    complete: row.complete,
    networkId: row.network_id,
    networkName: row.network_name,
    targets: String(Reflect.get(Object(row.request), 'targets') ?? '').slice(0, 2000),
    startedAt: row.started_at && isoTime(row.started_at.getTime()),
    endedAt: row.ended_at && isoTime(row.ended_at.getTime()),
  };
}
