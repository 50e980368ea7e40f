import { isoTime } from '@picket/base/clock';
import {
  type CompareChange,
  type CompareKind,
  compareKind,
  type ComparePage,
  type compareQuery,
  type previousScan,
} from '@picket/contracts/api/compare';
import type { z } from 'zod';
import { storedPlan } from '../../jobs/stored-plan.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { csvLine } from '../../server/csv-line.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { countLimit, decodeCursor, encodeCursor } from '../../server/page-cursor.ts';
import { type Change, changesOf, type Sides } from './changes.ts';
import { scanSide } from './domain/scan-side.ts';
import { assetIds, blockUnits, type ComparedRow, comparedScan, overlapBefore, runBefore } from './queries.ts';

/** Differences of one kind, folded: as many as pages reach, and how many there are of each. */
interface Folded {
  readonly items: readonly Change[];
  readonly counts: ComparePage['counts'];
}

/** Comparisons that are kept: a person turns pages and filters of one. */
const kept = 8;

/**
 * Comparisons by both jobs and the revisions of their facts. Only a saving of work: another replica makes the same out of the same rows, and
 * jobs that still run are compared anew each time.
 */
export class CompareStore {
  readonly #folded = new Map<string, Promise<Folded>>();

  async read(key: string | null, make: () => Promise<Folded>): Promise<Folded> {
    if (key === null) return make();
    const known = this.#folded.get(key) ?? make();
    this.#folded.delete(key);
    this.#folded.set(key, known);
    known.catch(() => this.#folded.delete(key));
    for (const oldest of this.#folded.keys()) if (this.#folded.size > kept) this.#folded.delete(oldest);
    return known;
  }
}

interface Compared {
  readonly after: ComparedRow;
  readonly before: ComparedRow;
}

/** Both jobs, if the caller sees them and they can be compared. */
async function comparedJobs(
  { database }: PlatformContext,
  scope: AccessScope,
  ids: { readonly after: number; readonly before: number },
): Promise<Compared> {
  const after = await comparedScan(scope, database.db, ids.after);
  if (!after) throw notFound('scan', ids.after);
  const before = await comparedScan(scope, database.db, ids.before);
  if (!before) throw notFound('scan', ids.before);
  if (after.id === before.id)
    throw refuse({
      status: 400,
      code: 'compare.same-scan',
      message: `Job ${after.id} is compared with itself.`,
      hint: 'Name another scan of the same network.',
    });
  if (after.network_id !== before.network_id)
    throw refuse({
      status: 400,
      code: 'compare.other-network',
      message: `The jobs ${before.id} and ${after.id} are of different networks: the same address is another host there.`,
      hint: 'Compare scans of one network.',
    });
  return { after, before };
}

async function sidesOf(context: PlatformContext, scope: AccessScope, { after, before }: Compared): Promise<Sides> {
  const { db } = context.database;
  const side = async (row: ComparedRow) => scanSide(storedPlan.parse(row.plan), await blockUnits(scope, db, row.id));
  return { pair: { before: before.id, after: after.id }, before: await side(before), after: await side(after) };
}

/** A page of the differences of one kind. */
export async function readComparison(
  { context, store }: { readonly context: PlatformContext; readonly store: CompareStore },
  scope: AccessScope,
  ids: { readonly after: number; readonly before: number },
  query: z.output<typeof compareQuery>,
): Promise<ComparePage> {
  const { db } = context.database;
  const jobs = await comparedJobs(context, scope, ids);
  const { after, before } = jobs;
  const revisions = [before, after].map((row) => `${row.id}/${row.fact_revision}`).join('-');
  const key = after.ended_at && before.ended_at ? `${scope.subscriptionId}/${revisions}/${query.kind}` : null;
  const folded = await store.read(key, async () =>
    fold(changesOf(scope, db, await sidesOf(context, scope, jobs), query.kind)),
  );
  const wanted = folded.items.filter((item) => query.change === undefined || item.change === query.change);
  const cursor = decodeCursor('compare', 1, query.cursor);
  const from = cursor === null ? 0 : Math.max(0, Number(cursor[0]));
  const shown = wanted.slice(from, from + query.limit);
  const known = await assetIds(scope, db, after.network_id, [...new Set(shown.map((item) => item.address))]);
  return {
    items: shown.map((item) => ({ ...item, assetId: known.get(item.address) ?? null })),
    nextCursor: from + query.limit < wanted.length ? encodeCursor('compare', [from + query.limit]) : null,
    total: wanted.length,
    after: shownScan(after),
    before: shownScan(before),
    samePlan: planText(after) === planText(before),
    counts: folded.counts,
  };
}

async function fold(changes: AsyncIterable<readonly Change[]>): Promise<Folded> {
  const items: Change[] = [];
  const counts: Partial<Record<CompareChange, number>> = {};
  for await (const some of changes) {
    for (const item of some) {
      counts[item.change] = (counts[item.change] ?? 0) + 1;
      if (items.length < countLimit) items.push(item);
    }
  }
  return { items, counts };
}

function planText(row: ComparedRow): string {
  const { ranges, ports } = storedPlan.parse(row.plan);
  return `${ranges.join()} ${ports.tcp} ${ports.udp}`;
}

function shownScan(row: ComparedRow): ComparePage['after'] {
  const { id, kind, title, status, complete, started_at: startedAt, ended_at: endedAt } = row;
  const at = (time: Date | null) => time && isoTime(time.getTime());
  return { id, kind, title, status, complete, startedAt: at(startedAt), endedAt: at(endedAt) };
}

/** The job that one is compared with unless another is chosen. */
export async function readPrevious(
  { database }: PlatformContext,
  scope: AccessScope,
  scanId: number,
): Promise<z.output<typeof previousScan>> {
  const { db } = database;
  const here = await comparedScan(scope, db, scanId);
  if (!here) throw notFound('scan', scanId);
  const run = await runBefore(scope, db, here);
  const id = run ?? (await overlapBefore(scope, db, scanId));
  const row = id === null ? undefined : await comparedScan(scope, db, id);
  return row ? { scan: shownScan(row), by: run === null ? 'targets' : 'schedule' } : { scan: null, by: null };
}

const columns = [
  'kind',
  'change',
  'reason',
  'address',
  'protocol',
  'port',
  'check',
  'name',
  'severity',
  'before',
  'after',
] as const;

/** Every difference as lines of CSV, a window at a time. */
export async function exportComparison(
  context: PlatformContext,
  scope: AccessScope,
  ids: { readonly after: number; readonly before: number },
  kind: CompareKind | undefined,
): Promise<AsyncIterable<string>> {
  const sides = await sidesOf(context, scope, await comparedJobs(context, scope, ids));
  return lines(context, scope, sides, kind === undefined ? compareKind.options : [kind]);
}

async function* lines(context: PlatformContext, scope: AccessScope, sides: Sides, kinds: readonly CompareKind[]) {
  yield csvLine(columns);
  for (const kind of kinds) {
    for await (const some of changesOf(scope, context.database.db, sides, kind))
      yield some.map((item) => csvLine(columns.map((name) => String(item[name] ?? '')))).join('');
  }
}
