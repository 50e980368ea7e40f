import { Readable } from 'node:stream';
import { page } from '@picket/contracts/api/page';
import { auditEntry } from '@picket/contracts/api/session';
import { auditExportQuery, auditQuery } from '@picket/contracts/api/sign-in';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { recordAudit } from '../../server/audit.ts';
import { auditReaders, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { countEntries, listEntries, shownEntry } from './audit-queries.ts';
import { exportEntries } from './export-entries.ts';

const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const;

/** The audit log, newest first. Entries are never changed or deleted: the database refuses it. */
export function auditPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (app) => {
    addList(app, context);
    addExport(app, context);
  };
}

function addList(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const schema = {
    tags: ['audit'],
    summary: 'Who changed what and signed in when, newest first',
    querystring: auditQuery,
    response: { 200: page(auditEntry) },
  };
  app.get('/api/v1/audit', { config: { access: auditReaders }, schema }, async (request) => {
    const { cursor, limit, ...filter } = request.query;
    const before = decodeCursor('audit', 1, cursor)?.[0] ?? null;
    const scope = scopeOf(request);
    const { db } = context.database;
    const rows = await listEntries(scope, db, filter, {
      before: before === null ? null : Number(before),
      limit: limit + 1,
    });
    const total = await countEntries(scope, db, filter);
    return pageOf(rows, limit, total, { item: shownEntry, cursor: (row) => encodeCursor('audit', [row.id]) });
  });
}

function addExport(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const schema = {
    tags: ['audit'],
    summary: 'The same as a file, CSV or one JSON object a line, whole',
    querystring: auditExportQuery,
  };
  app.get('/api/v1/audit/export', { config: { access: auditReaders }, schema }, async (request, reply) => {
    const { format, ...filter } = request.query;
    const scope = scopeOf(request);
    const detail = Object.fromEntries(
      Object.entries(request.query).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
    await recordAudit(scope, context.database.db, {
      action: 'audit.export',
      subject: 'audit',
      detail,
      address: request.ip,
    });
    const day = new Date(context.clock.now()).toISOString().slice(0, 10);
    return reply
      .type(types[format])
      .header('content-disposition', `attachment; filename="picket-audit-${day}.${format}"`)
      .send(Readable.from(exportEntries(scope, context.database.db, filter, format)));
  });
}
