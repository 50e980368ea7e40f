import { checkInfo } from '@picket/contracts/api/inventory';
import { page, pageQuery } from '@picket/contracts/api/page';
import { severity } from '@picket/contracts/primitive';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import { type CheckInfoRow, checkInfoColumns, readCheckInfo, shownCheckInfo } from '../../server/check-info.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { containsPattern, decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { allOf } from '../../storage/severity-counts.ts';
import type { Schema } from '../../storage/schema.ts';

const listChecksQuery = pageQuery.extend({
  q: z.string().max(256).optional().meta({ description: 'Part of the name, the id, a CVE or a tag.' }),
  severity: severity.optional(),
});
type Query = z.output<typeof listChecksQuery>;

/** What the platform knows of each check, by number. */
export function checksPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const { db } = context.database;
    const tags = ['checks'];
    const config = { access: everyRole };
    app.get(
      '/api/v1/checks',
      {
        config,
        schema: { tags, summary: 'List checks', querystring: listChecksQuery, response: { 200: page(checkInfo) } },
      },
      async (request) => {
        const scope = scopeOf(request);
        const { query } = request;
        const rows = await listChecks(scope, db, query);
        return pageOf(rows, query.limit, await countChecks(scope, db, query), {
          item: shownCheckInfo,
          cursor: (row) => encodeCursor('check', [row.number]),
        });
      },
    );
    app.get(
      '/api/v1/checks/:id',
      {
        config,
        schema: {
          tags,
          summary: 'One check',
          params: z.object({ id: z.string().max(128) }),
          response: { 200: checkInfo },
        },
      },
      async (request) => {
        const info = await readCheckInfo(scopeOf(request), db, request.params.id);
        if (!info) throw notFound('check', request.params.id);
        return info;
      },
    );
  };
}

function filtersOf(scope: AccessScope, query: Query) {
  const filters = [sql`check_info.subscription_id = ${scope.subscriptionId}`];
  if (query.severity !== undefined) filters.push(sql`check_info.severity = ${query.severity}`);
  if (query.q !== undefined && query.q.trim() !== '') {
    const pattern = containsPattern(query.q.trim());
    filters.push(sql`(check_info.name ilike ${pattern} or check_info.id ilike ${pattern}
      or check_info.info ->> 'cve' ilike ${pattern} or check_info.info ->> 'tags' ilike ${pattern})`);
  }
  return allOf(filters);
}

async function listChecks(scope: AccessScope, db: Kysely<Schema>, query: Query): Promise<readonly CheckInfoRow[]> {
  const after = Number(decodeCursor('check', 1, query.cursor)?.[0] ?? 0);
  const { rows } = await sql<CheckInfoRow>`
    select ${checkInfoColumns(scope)} from check_info
    where ${filtersOf(scope, query)} and check_info.number > ${after}
    order by check_info.number limit ${query.limit + 1}`.execute(db);
  return rows;
}

async function countChecks(scope: AccessScope, db: Kysely<Schema>, query: Query): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from check_info where ${filtersOf(scope, query)}`.execute(db);
  return rows[0]?.n ?? 0;
}
