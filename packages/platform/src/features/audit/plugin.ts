import { page, pageQuery } from '@picket/contracts/api/page';
import { auditEntry } from '@picket/contracts/api/session';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import { managerOnly, scopeOf } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { countLimit, decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import type { Schema } from '../../storage/schema.ts';

/** The audit log, newest first. Entries are never changed or deleted through the API. */
export function auditPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const schema = {
      tags: ['audit'],
      summary: 'Who changed what and signed in when, newest first',
      querystring: pageQuery,
      response: { 200: page(auditEntry) },
    };
    app.get('/api/v1/audit', { config: { access: managerOnly }, schema }, async (request) => {
      const { cursor, limit } = request.query;
      const before = decodeCursor('audit', 1, cursor)?.[0] ?? null;
      const scope = scopeOf(request);
      const rows = await listEntries(scope, context.database.db, before === null ? null : Number(before), limit + 1);
      const total = await countEntries(scope, context.database.db);
      return pageOf(rows, limit, total, { item: shown, cursor: (row) => encodeCursor('audit', [row.id]) });
    });
  };
}

type Row = Awaited<ReturnType<typeof listEntries>>[number];

function shown(row: Row): z.output<typeof auditEntry> {
  const { subscription_id: _tenant, at, detail, ...rest } = row;
  return { ...rest, at: at.toISOString(), detail: auditEntry.shape.detail.catch({}).parse(detail) };
}

async function listEntries(scope: AccessScope, db: Kysely<Schema>, before: number | null, limit: number) {
  let query = db.selectFrom('audit_entry').selectAll().where('subscription_id', '=', scope.subscriptionId);
  if (before !== null) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

async function countEntries(scope: AccessScope, db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from audit_entry where subscription_id = ${scope.subscriptionId} limit ${countLimit}
    ) counted`.execute(db);
  return rows[0]?.n ?? 0;
}
