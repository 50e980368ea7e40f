import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import { ledgerRow, listLedgerQuery, scanHost } from '@picket/contracts/api/scan';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { ledgerPage, scanHostPage } from './service.ts';

/** The ledger of a job: hosts × phases, blocks, and hosts as the job saw them. */
export function ledgerPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['scans'];
    const config = { access: everyRole };
    const params = idParams;
    app.get(
      '/api/v1/scans/:id/ledger',
      {
        config,
        schema: {
          tags,
          summary: 'Units of a map or scan',
          params,
          querystring: listLedgerQuery,
          response: { 200: page(ledgerRow) },
        },
      },
      (request) => ledgerPage(context, scopeOf(request), request.params.id, request.query),
    );
    app.get(
      '/api/v1/scans/:id/hosts',
      {
        config,
        schema: {
          tags,
          summary: 'Hosts as a map or scan saw them',
          params,
          querystring: pageQuery,
          response: { 200: page(scanHost) },
        },
      },
      (request) => scanHostPage(context, scopeOf(request), request.params.id, request.query),
    );
  };
}
