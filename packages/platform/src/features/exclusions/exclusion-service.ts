import { formatRange } from '@picket/base/ip';
import { countAddresses, type RangeSet, rangeSet } from '@picket/base/range-set';
import { type Exclusion, exclusion, type exclusionRequest } from '@picket/contracts/api/exclusion';
import type { z } from 'zod';
import { changeExclusions } from '../../jobs/apply-exclusions.ts';
import type { NameResolver } from '../../jobs/name-resolver.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import * as queries from './exclusion-queries.ts';
import { type ExcludedName, pinNames, readExclusion } from './read-exclusion.ts';

type Request = z.output<typeof exclusionRequest>;

export interface ExclusionDeps {
  readonly context: PlatformContext;
  readonly resolver: NameResolver;
}

/** Ranges of a subscription's exclusions at most: every plan and every lease is checked against all of them. */
const mostRanges = 50_000;

export async function exclusionPage(
  context: PlatformContext,
  scope: AccessScope,
  page: { cursor?: string | undefined; limit: number },
) {
  const { db } = context.database;
  const after = Number(decodeCursor('exclusion', 1, page.cursor)?.[0] ?? 0);
  const rows = await queries.listExclusions(scope, db, { after, limit: page.limit + 1 });
  const covered = await queries.readCovered(
    scope,
    db,
    rows.map((row) => row.id),
  );
  return pageOf(rows, page.limit, await queries.countExclusions(scope, db), {
    item: (row) => shown(row, covered.get(row.id) ?? []),
    cursor: (row) => encodeCursor('exclusion', [row.id]),
  });
}

export async function readOne(context: PlatformContext, scope: AccessScope, id: number): Promise<Exclusion> {
  const { db } = context.database;
  const [row] = await queries.listExclusions(scope, db, { after: 0, limit: 1, id });
  if (!row) throw notFound('exclusion', id);
  return shown(row, (await queries.readCovered(scope, db, [id])).get(id) ?? []);
}

function shown(row: queries.ExclusionRow, ranges: RangeSet): Exclusion {
  return {
    id: row.id,
    targets: row.targets,
    ranges: ranges.map(formatRange),
    names: exclusion.shape.names.parse(row.names),
    addresses: countAddresses(ranges).toString(),
    reason: row.reason,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

/** Makes an exclusion (`id` null) or replaces one whole. Jobs that are under way keep to it from now on. */
export async function saveExclusion(
  { context, resolver }: ExclusionDeps,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: Request,
): Promise<Exclusion> {
  const { ranges, names } = await check({ context, resolver }, scope, target.id, request);
  const now = new Date(context.clock.now());
  const id = await changeExclusions(context.database, scope, now, async (trx) => {
    const fields = { targets: request.targets.trim(), names, reason: request.reason, now };
    const saved = target.id ?? (await queries.insertExclusion(scope, trx, fields));
    if (target.id !== null && !(await queries.updateExclusion(scope, trx, saved, fields)))
      throw notFound('exclusion', saved);
    await queries.replaceCovered(scope, trx, saved, ranges);
    await recordAudit(scope, trx, {
      action: target.id === null ? 'exclusion.create' : 'exclusion.update',
      subject: `exclusion:${saved}`,
      detail: { targets: fields.targets.slice(0, 2000), reason: request.reason },
      address: target.address,
    });
    return saved;
  });
  return readOne(context, scope, id);
}

async function check(
  { context, resolver }: ExclusionDeps,
  scope: AccessScope,
  id: number | null,
  request: Request,
): Promise<{ readonly ranges: RangeSet; readonly names: readonly ExcludedName[] }> {
  const written = readExclusion(request.targets);
  const faults = [...written.faults];
  const resolved = faults.length > 0 ? new Map() : await resolver.resolve(written.names, context.closing);
  const pinned = pinNames(faults.length > 0 ? [] : written.names, resolved);
  faults.push(...pinned.faults);
  const ranges = rangeSet([...written.ranges, ...pinned.ranges]);
  const total = ranges.length + (await queries.countRanges(scope, context.database.db, id ?? 0));
  if (total > mostRanges) {
    const message = `All exclusions together would be ${total} ranges; there can be ${mostRanges}. Write larger prefixes.`;
    faults.push({ field: 'targets', message });
  }
  if (faults.length === 0) return { ranges, names: pinned.names };
  throw refuse({
    status: 400,
    code: 'exclusion.invalid',
    message: `The exclusion has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; nothing was changed.`,
    hint: 'Mend the named items and send the whole list again.',
    errors: faults.slice(0, 1000),
  });
}

/** Lifts an exclusion. Jobs that were launched before go on without its addresses; those that are planned from now on scan them. */
export async function removeExclusion(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  const { targets, reason } = await readOne(context, scope, id);
  await context.database.transaction(async (trx) => {
    if (!(await queries.deleteExclusion(scope, trx, id))) throw notFound('exclusion', id);
    await recordAudit(scope, trx, {
      action: 'exclusion.delete',
      subject: `exclusion:${id}`,
      detail: { targets: targets.slice(0, 2000), reason },
      address,
    });
  });
}
