import { formatRange } from '@picket/base/ip';
import type { AssetGroup, assetGroupRequest, listAssetGroupsQuery } from '@picket/contracts/api/people';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { changeExclusions } from '../../jobs/apply-exclusions.ts';
import { announce } from '../../jobs/channels.ts';
import { type GroupAddresses, readGroups } from '../../server/access/read-groups.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { type FieldFault, notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import { readGroupRanges } from './group-ranges.ts';
import * as queries from './group-queries.ts';

type Request = z.output<typeof assetGroupRequest>;
const ids = z.array(z.number());

/** Groups of a page that the caller sees, by id. */
export async function groupPage(
  context: PlatformContext,
  scope: AccessScope,
  query: z.output<typeof listAssetGroupsQuery>,
) {
  const { db } = context.database;
  const after = Number(decodeCursor('asset-group', 1, query.cursor)?.[0] ?? 0);
  const rows = await queries.listGroups(scope, db, { ...query, after, limit: query.limit + 1 });
  const shownRows = rows.slice(0, query.limit);
  const last = shownRows.at(-1);
  return {
    items: await shown(scope, db, shownRows),
    nextCursor: rows.length > query.limit && last ? encodeCursor('asset-group', [last.id]) : null,
    total: await queries.countGroups(scope, db, query),
  };
}

export async function readGroup(context: PlatformContext, scope: AccessScope, id: number): Promise<AssetGroup> {
  const { db } = context.database;
  const row = await queries.findGroup(scope, db, id);
  const [group] = row ? await shown(scope, db, [row]) : [];
  if (!group) throw notFound('group', id);
  return group;
}

async function shown(
  scope: AccessScope,
  db: Kysely<Schema>,
  rows: readonly queries.GroupListRow[],
): Promise<AssetGroup[]> {
  const groupIds = rows.map((row) => row.id);
  const written = await queries.readWritten(scope, db, groupIds);
  const addresses = await readGroups(scope, db, groupIds);
  const items: AssetGroup[] = [];
  for (const row of rows) {
    const own = written.filter((one) => one.groupId === row.id);
    items.push({
      id: row.id,
      name: row.name,
      comments: row.comments,
      coversAll: row.covers_all,
      businessUnitId: row.business_unit_id,
      businessUnitName: row.unit_name,
      networks: own.map(({ networkId, networkName, ranges, exclusions }) => ({
        networkId,
        networkName,
        ranges: ranges.map(formatRange),
        exclusions: exclusions.map(formatRange),
      })),
      applianceIds: ids.parse(row.appliance_ids),
      accountIds: ids.parse(row.account_ids),
      assets: await queries.countGroupAssets(scope, db, addresses.get(row.id) ?? noAddresses),
    });
  }
  return items;
}

const noAddresses: GroupAddresses = { name: '', coversAll: false, networks: new Map() };

/** Makes a group (`id` null) or replaces one whole. */
export async function saveGroup(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: Request,
): Promise<AssetGroup> {
  const networks = await check(context, scope, request);
  const fields = { name: request.name, comments: request.comments, business_unit_id: request.businessUnitId };
  try {
    const now = new Date(context.clock.now());
    const id = await changeExclusions(context.database, scope, now, async (trx) => {
      if (target.id !== null) await requireOwn(scope, trx, target.id);
      const saved = target.id ?? (await queries.insertGroup(scope, trx, fields));
      if (target.id !== null) await queries.updateGroup(scope, trx, saved, fields);
      await queries.replaceContents(scope, trx, saved, { networks, applianceIds: [...new Set(request.applianceIds)] });
      await recordAudit(scope, trx, {
        action: target.id === null ? 'asset-group.create' : 'asset-group.update',
        subject: `asset-group:${saved}`,
        detail: {
          name: request.name,
          unit: request.businessUnitId,
          ranges: textOf(networks, 'ranges'),
          exclusions: textOf(networks, 'exclusions'),
          appliances: request.applianceIds.join(', '),
        },
        address: target.address,
      });
      await announce(context.database, trx, { sessions: true });
      return saved;
    });
    return await readGroup(context, scope, id);
  } catch (error) {
    if (!isUniqueViolation(error, 'asset_group_name')) throw error;
    throw refuse({
      status: 409,
      code: 'group.name-taken',
      message: `There is an asset group named ${request.name} already.`,
      hint: 'Choose another name.',
      errors: [{ field: 'name', message: 'is taken' }],
    });
  }
}

type Contents = Parameters<typeof queries.replaceContents>[3]['networks'];

/** For the audit log: not more than a screen of it. */
function textOf(networks: Contents, kind: 'ranges' | 'exclusions'): string {
  const parts = networks.map((one) => `network ${one.networkId}: ${one[kind].map(formatRange).join(', ')}`);
  return parts.join('; ').slice(0, 2000);
}

/** What a person asked for, checked whole: every fault of every field in one refusal. */
async function check(context: PlatformContext, scope: AccessScope, request: Request): Promise<Contents> {
  const known = await queries.readKnown(scope, context.database.db);
  const faults: FieldFault[] = [];
  const networks = request.networks.map((one, index) => {
    const { ranges, exclusions } = readGroupRanges(one, `networks.${index}`, faults);
    if (!known.networks.includes(one.networkId)) {
      faults.push({ field: `networks.${index}.networkId`, message: `There is no network ${one.networkId}.` });
    }
    return { networkId: one.networkId, ranges, exclusions };
  });
  const networkIds = networks.map((one) => one.networkId);
  if (new Set(networkIds).size < networkIds.length) {
    faults.push({ field: 'networks', message: 'A network is named twice. Put its addresses into one entry.' });
  }
  for (const id of request.applianceIds) {
    if (!known.appliances.includes(id))
      faults.push({ field: 'applianceIds', item: String(id), message: `There is no appliance ${id}.` });
  }
  if (request.businessUnitId !== null && !known.units.includes(request.businessUnitId)) {
    faults.push({ field: 'businessUnitId', message: `There is no business unit ${request.businessUnitId}.` });
  }
  if (faults.length === 0) return networks;
  throw refuse({
    status: 400,
    code: 'group.invalid',
    message: `The asset group has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; nothing was changed.`,
    hint: 'Mend the named items and send the whole group again.',
    errors: faults.slice(0, 1000),
  });
}

/** Deletes a group. What lies in its addresses stays; people who had only this group see nothing any more. */
export async function removeGroup(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const { name } = await requireOwn(scope, trx, id);
    await queries.deleteGroup(scope, trx, id);
    await recordAudit(scope, trx, {
      action: 'asset-group.delete',
      subject: `asset-group:${id}`,
      detail: { name },
      address,
    });
    await announce(context.database, trx, { sessions: true });
  });
}

async function requireOwn(scope: AccessScope, trx: Kysely<Schema>, id: number): Promise<queries.GroupListRow> {
  const row = await queries.findGroup(scope, trx, id);
  if (!row) throw notFound('group', id);
  if (!row.covers_all) return row;
  throw refuse({
    status: 409,
    code: 'group.built-in',
    message: 'The group All always covers everything: it can be neither changed nor deleted.',
    hint: 'Make a group of your own.',
  });
}
