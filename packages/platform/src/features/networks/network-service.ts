import { formatRange } from '@picket/base/ip';
import type { Network, networkRequest } from '@picket/contracts/api/network';
import type { z } from 'zod';
import { changeExclusions } from '../../jobs/apply-exclusions.ts';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { type FieldFault, notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './network-queries.ts';
import { addressCount, nameRanges, type NetworkRanges, readNetworkRanges } from './network-ranges.ts';

type Request = z.output<typeof networkRequest>;

export async function networkPage(
  context: PlatformContext,
  scope: AccessScope,
  page: { cursor?: string | undefined; limit: number },
) {
  const { db } = context.database;
  const after = Number(decodeCursor('network', 1, page.cursor)?.[0] ?? 0);
  const rows = await queries.listNetworks(scope, db, { after, limit: page.limit + 1 });
  const parts = await queries.readNetworkParts(
    scope,
    db,
    rows.map((row) => row.id),
  );
  const total = await queries.countNetworks(scope, db);
  return pageOf(rows, page.limit, total, {
    item: (row) => shown(row, parts.get(row.id)),
    cursor: (row) => encodeCursor('network', [row.id]),
  });
}

export async function readNetwork(context: PlatformContext, scope: AccessScope, id: number): Promise<Network> {
  const { db } = context.database;
  const [row] = await queries.listNetworks(scope, db, { after: 0, limit: 1, id });
  if (!row) throw notFound('network', id);
  return shown(row, (await queries.readNetworkParts(scope, db, [id])).get(id));
}

type Parts = Awaited<ReturnType<typeof queries.readNetworkParts>> extends Map<number, infer P> ? P : never;

function shown(row: queries.NetworkRow, parts: Parts | undefined): Network {
  const { ranges, exclusions, applianceIds } = parts ?? { ranges: [], exclusions: [], applianceIds: [] };
  const { authorization_statement: statement, authorization_by: by, authorization_at: at } = row;
  return {
    id: row.id,
    name: row.name,
    ranges: ranges.map(formatRange),
    exclusions: exclusions.map(formatRange),
    addresses: addressCount(ranges, exclusions),
    authorization: statement !== null && by !== null && at !== null ? { statement, by, at: at.toISOString() } : null,
    applianceIds,
    assets: row.assets,
  };
}

/** What a person asked for, checked whole: every fault of every field in one refusal. */
async function check(context: PlatformContext, scope: AccessScope, request: Request): Promise<NetworkRanges> {
  const { value, faults } = readNetworkRanges(request.ranges, request.exclusions);
  const all: FieldFault[] = [...faults];
  if (value.publicRanges.length > 0 && (request.authorization ?? '') === '') {
    all.push({
      field: 'authorization',
      message: `The ranges hold public addresses (${nameRanges(value.publicRanges)}). Say who allows scanning them and why.`,
    });
  }
  const known = await queries.knownAppliances(scope, context.database.db, request.applianceIds);
  for (const id of request.applianceIds) {
    if (!known.includes(id))
      all.push({ field: 'applianceIds', item: String(id), message: `There is no appliance ${id}.` });
  }
  if (all.length === 0) return value;
  throw refuse({
    status: 400,
    code: 'network.invalid',
    message:
      all.length === 1
        ? 'The network has a fault; nothing was changed.'
        : `The network has ${all.length} faults; nothing was changed.`,
    hint: 'Mend the named items and send the whole list again.',
    errors: all.slice(0, 1000),
  });
}

/** Makes a network (`id` null) or replaces one whole. */
export async function saveNetwork(
  context: PlatformContext,
  scope: AccessScope,
  target: { readonly id: number | null; readonly address: string },
  request: Request,
): Promise<Network> {
  const ranges = await check(context, scope, request);
  const authorization = authorizationOf(context, scope, ranges, request);
  try {
    const now = new Date(context.clock.now());
    const id = await changeExclusions(context.database, scope, now, async (trx) => {
      const fields = { name: request.name, authorization };
      const saved = target.id ?? (await queries.insertNetwork(scope, trx, fields));
      if (target.id !== null && !(await queries.updateNetwork(scope, trx, saved, fields)))
        throw notFound('network', saved);
      await queries.replaceRanges(scope, trx, saved, ranges);
      await queries.replaceAppliances(scope, trx, saved, [...new Set(request.applianceIds)]);
      await recordAudit(scope, trx, {
        action: target.id === null ? 'network.create' : 'network.update',
        subject: `network:${saved}`,
        detail: {
          name: request.name,
          ranges: nameRanges(ranges.ranges),
          exclusions: nameRanges(ranges.exclusions),
          authorization: authorization?.statement ?? null,
        },
        address: target.address,
      });
      return saved;
    });
    return await readNetwork(context, scope, id);
  } catch (error) {
    if (!isUniqueViolation(error, 'network_name')) throw error;
    throw refuse({
      status: 409,
      code: 'network.name-taken',
      message: `There is a network named ${request.name} already.`,
      hint: 'Choose another name.',
      errors: [{ field: 'name', message: 'is taken' }],
    });
  }
}

function authorizationOf(context: PlatformContext, scope: AccessScope, ranges: NetworkRanges, request: Request) {
  if (ranges.publicRanges.length === 0) return null;
  return { statement: request.authorization ?? '', by: scope.login, at: new Date(context.clock.now()) };
}

/** Deletes the network with its assets, services, detections and ended jobs. */
export async function removeNetwork(
  context: PlatformContext,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    const open = await queries.openScans(scope, trx, id);
    if (open.length > 0) {
      const names = open
        .slice(0, 5)
        .map((scan) => `${scan.kind} ${scan.id}${scan.title === '' ? '' : ` "${scan.title}"`}`);
      const more = open.length > 5 ? ` and ${open.length - 5} more` : '';
      throw refuse({
        status: 409,
        code: 'network.in-use',
        message: `The network is used by jobs that have not ended: ${names.join(', ')}${more}.`,
        hint: 'Cancel them or wait for their end, then delete the network.',
      });
    }
    if (!(await queries.deleteNetwork(scope, trx, id))) throw notFound('network', id);
    await recordAudit(scope, trx, { action: 'network.delete', subject: `network:${id}`, address });
  });
}
