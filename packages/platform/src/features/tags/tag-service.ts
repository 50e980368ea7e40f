import {
  type Tag,
  tag,
  type tagAssetsRequest,
  type tagRequest,
  tagRule,
  type TagRule,
} from '@picket/contracts/api/tag';
import type { z } from 'zod';
import { mostTags } from '../../jobs/asset-tags.ts';
import { rangesOf } from '../../jobs/rule-ranges.ts';
import { namesOf, schedulesUsing, usesTag } from '../../jobs/schedules-using.ts';
import { recordAudit } from '../../server/audit.ts';
import { auditReaders } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { type FieldFault, notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './tag-queries.ts';

type Request = z.output<typeof tagRequest>;

export async function tagPage(
  context: PlatformContext,
  scope: AccessScope,
  page: { cursor?: string | undefined; limit: number },
) {
  const { db } = context.database;
  const after = Number(decodeCursor('tag', 1, page.cursor)?.[0] ?? 0);
  const rows = await queries.listTags(scope, db, { after, limit: page.limit + 1 });
  return pageOf(rows, page.limit, await queries.countTags(scope, db), {
    item: (row) => shown(scope, row),
    cursor: (row) => encodeCursor('tag', [row.id]),
  });
}

export async function readTag(context: PlatformContext, scope: AccessScope, id: number): Promise<Tag> {
  const [row] = await queries.listTags(scope, context.database.db, { after: 0, limit: 1, id });
  if (!row) throw notFound('tag', id);
  return shown(scope, row);
}

function shown(scope: AccessScope, row: queries.TagRow): Tag {
  const rule = tag.shape.rule.parse(row.rule);
  return {
    id: row.id,
    name: row.name,
    kind: rule === null ? 'manual' : 'rule',
    rule: auditReaders.includes(scope.role) ? rule : null,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

/** Makes a tag (`id` null) or changes one. A tag by hand that gets a rule keeps its assets for when the rule is taken away. */
export async function saveTag(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: Request,
): Promise<Tag> {
  const count = target.id === null ? await queries.countTags(scope, context.database.db) : 0;
  refuseFaults(request, count);
  if (target.id !== null) await readTag(context, scope, target.id);
  try {
    const id = await context.database.transaction(async (trx) => {
      const fields = { ...request, now: new Date(context.clock.now()) };
      const saved = target.id ?? (await queries.insertTag(scope, trx, fields));
      if (target.id !== null) await queries.updateTag(scope, trx, saved, fields);
      await recordAudit(scope, trx, {
        action: target.id === null ? 'tag.create' : 'tag.update',
        subject: `tag:${saved}`,
        detail: {
          name: request.name,
          rule: request.rule === null ? null : JSON.stringify(request.rule).slice(0, 2000),
        },
        address: target.address,
      });
      return saved;
    });
    return await readTag(context, scope, id);
  } catch (error) {
    if (!isUniqueViolation(error, 'tag_name')) throw error;
    throw refuse({
      status: 409,
      code: 'tag.name-taken',
      message: `There is a tag "${request.name}" already.`,
      hint: 'Choose another name.',
      errors: [{ field: 'name', message: 'This name is taken.' }],
    });
  }
}

function refuseFaults({ rule }: Request, count: number): void {
  const faults: FieldFault[] = rule === null ? [] : [...ruleFaults(rule)];
  if (count >= mostTags)
    faults.push({ field: 'name', message: `There are ${mostTags} tags already, and there can't be more.` });
  if (faults.length === 0) return;
  throw refuse({
    status: 400,
    code: 'tag.invalid',
    message: `The tag has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults[0]?.message ?? ''}`,
    hint: 'Mend what is named and save it again. Nothing was changed.',
    errors: faults.slice(0, 1000),
  });
}

function ruleFaults(rule: TagRule): readonly FieldFault[] {
  const empty = JSON.stringify(tagRule.parse({})) === JSON.stringify({ ...rule, ranges: rule.ranges.trim() });
  const faults = rangesOf(rule.ranges).faults.map((fault) => ({ ...fault, field: 'rule.ranges' }));
  if (empty) faults.push({ field: 'rule', message: 'The rule says nothing, so that it would fit every asset.' });
  return faults;
}

/** Gives a tag by hand to assets that the caller sees, or takes it from them. */
export async function tagAssets(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number; readonly address: string },
  change: z.output<typeof tagAssetsRequest>,
): Promise<Tag> {
  await context.database.transaction(async (trx) => {
    const [row] = await queries.listTags(scope, trx, { after: 0, limit: 1, id: target.id });
    if (!row) throw notFound('tag', target.id);
    if (row.rule !== null) {
      throw refuse({
        status: 409,
        code: 'tag.by-rule',
        message: `The tag ${row.name} has a rule: it stands at the assets that fit.`,
        hint: 'Change the rule, or use a tag that is given by hand.',
      });
    }
    const known = await queries.seenAssets(scope, trx, [...change.add, ...change.remove]);
    const unknown = [...change.add, ...change.remove].find((id) => !known.has(id));
    if (unknown !== undefined) throw notFound('asset', unknown);
    await queries.changeAssets(scope, trx, target.id, change);
    await recordAudit(scope, trx, {
      action: 'tag.assets',
      subject: `tag:${target.id}`,
      detail: { name: row.name, added: change.add.length, removed: change.remove.length },
      address: target.address,
    });
  });
  return readTag(context, scope, target.id);
}

/** Deletes a tag that no schedule takes as a target. */
export async function removeTag(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  const { name } = await readTag(context, scope, id);
  await context.database.transaction(async (trx) => {
    const using = await schedulesUsing(scope, trx, usesTag(id));
    if (using.seen.length + using.others > 0) {
      throw refuse({
        status: 409,
        code: 'tag.in-use',
        message: `The tag ${name} is a target of schedules: ${namesOf(using)}.`,
        hint: 'Take it out of these schedules, then delete it.',
      });
    }
    await queries.deleteTag(scope, trx, id);
    await recordAudit(scope, trx, { action: 'tag.delete', subject: `tag:${id}`, detail: { name }, address });
  });
}
