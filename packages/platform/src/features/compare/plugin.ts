import { Readable } from 'node:stream';
import { compareExportQuery, comparePage, compareQuery, previousScan } from '@picket/contracts/api/compare';
import { idParams } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { recordAudit } from '../../server/audit.ts';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { CompareStore, exportComparison, readComparison, readPrevious } from './service.ts';

const pair = idParams.extend({ other: idParams.shape.id });

/** Two jobs against each other: `:id` is the later side, `:other` the earlier. */
export function comparePlugin(context: PlatformContext): FastifyPluginAsync {
  const deps = { context, store: new CompareStore() };
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['scans'];
    const config = { access: everyRole };
    app.get(
      '/api/v1/scans/:id/previous',
      {
        config,
        schema: {
          tags,
          summary: 'The scan to compare with: the run before of the schedule, or the last with overlapping targets',
          params: idParams,
          response: { 200: previousScan },
        },
      },
      (request) => readPrevious(context, scopeOf(request), request.params.id),
    );
    app.get(
      '/api/v1/scans/:id/compare/:other',
      {
        config,
        schema: {
          tags,
          summary: 'What is different in a map or scan since another, by address',
          params: pair,
          querystring: compareQuery,
          response: { 200: comparePage },
        },
      },
      (request) => {
        const { id, other } = request.params;
        return readComparison(deps, scopeOf(request), { after: id, before: other }, request.query);
      },
    );
    app.get(
      '/api/v1/scans/:id/compare/:other/export',
      {
        config,
        schema: {
          tags,
          summary: 'All differences of two maps or scans as CSV',
          params: pair,
          querystring: compareExportQuery,
        },
      },
      async (request, reply) => {
        const { id, other } = request.params;
        const scope = scopeOf(request);
        const lines = await exportComparison(context, scope, { after: id, before: other }, request.query.kind);
        await recordAudit(scope, context.database.db, {
          action: 'scan.compare-export',
          subject: `scan:${id}`,
          detail: { other },
          address: request.ip,
        });
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="picket-compare-${other}-${id}.csv"`)
          .send(Readable.from(lines));
      },
    );
  };
}
