import { type Asset, asset, listAssetsQuery } from '@picket/contracts/api/inventory';
import { idParams, page } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { readTags, tagsOfAssets } from '../../jobs/asset-tags.ts';
import { readGroups } from '../../server/access/read-groups.ts';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { encodeCursor, pageOf } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';
import { severityCountsSchema } from '../../storage/severity-counts.ts';
import { type AssetRow, assetCursorKey, countAssets, findAsset, listAssets } from './asset-queries.ts';

function shown(row: AssetRow, tags: ReadonlyMap<number, Asset['tags']>): Asset {
  return {
    id: row.id,
    networkId: row.network_id,
    networkName: row.network_name,
    address: row.address,
    name: row.name,
    names: asset.shape.names.catch([]).parse(row.names),
    mac: row.mac,
    macVendor: row.mac_vendor,
    os: row.os,
    osConfidence: row.os_confidence,
    osEvidence: row.os_evidence,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: row.last_seen.toISOString(),
    lastScanned: row.last_scanned?.toISOString() ?? null,
    openPorts: row.open_ports,
    detections: severityCountsSchema.parse(row.detections),
    tags: tags.get(row.id) ?? [],
  };
}

async function groupOf(scope: AccessScope, db: Kysely<Schema>, id: number | undefined) {
  if (id === undefined) return undefined;
  const group = (await readGroups(scope, db, [id])).get(id);
  if (!group) throw notFound('group', id);
  return group;
}

async function tagOf(scope: AccessScope, db: Kysely<Schema>, id: number | undefined) {
  if (id === undefined) return undefined;
  const [tag] = await readTags(scope, db, [id]);
  if (!tag) throw notFound('tag', id);
  return tag;
}

const idsOf = (rows: readonly AssetRow[]) => rows.map((row) => row.id);

/** Hosts over time. */
export function assetsPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const { db } = context.database;
    const tags = ['assets'];
    const config = { access: everyRole };
    app.get(
      '/api/v1/assets',
      {
        config,
        schema: { tags, summary: 'List assets', querystring: listAssetsQuery, response: { 200: page(asset) } },
      },
      async (request) => {
        const scope = scopeOf(request);
        const { assetGroupId, tagId } = request.query;
        const group = await groupOf(scope, db, assetGroupId);
        const query = { ...request.query, group, tag: await tagOf(scope, db, tagId) };
        const rows = await listAssets(scope, db, query);
        const tagged = await tagsOfAssets(scope, db, idsOf(rows));
        return pageOf(rows, query.limit, await countAssets(scope, db, query), {
          item: (row) => shown(row, tagged),
          cursor: (row) => encodeCursor(`asset:${query.sort}`, assetCursorKey(query.sort, row)),
        });
      },
    );
    app.get(
      '/api/v1/assets/:id',
      { config, schema: { tags, summary: 'One asset', params: idParams, response: { 200: asset } } },
      async (request) => {
        const row = await findAsset(scopeOf(request), db, request.params.id);
        if (!row) throw notFound('asset', request.params.id);
        return shown(row, await tagsOfAssets(scopeOf(request), db, [row.id]));
      },
    );
  };
}
