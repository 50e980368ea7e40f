import { listServicesQuery, type Service, service } from '@picket/contracts/api/inventory';
import { page } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import { productName } from '@picket/contracts/software-name';
import type { PlatformContext } from '../../server/context.ts';
import { encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { countServices, listServices, type ServiceRow } from './service-queries.ts';

function shown(row: ServiceRow): Service {
  return {
    id: row.id,
    assetId: row.asset_id,
    address: row.address,
    assetName: row.asset_name,
    protocol: row.protocol,
    port: row.port,
    state: service.shape.state.catch('filtered').parse(row.state),
    service: row.service,
    tunnel: row.tunnel,
    product: productName(row.vendor, row.product),
    version: row.version,
    info: row.info,
    cpes: service.shape.cpes.catch([]).parse(row.cpes),
    confidence: row.confidence,
    method: row.method,
    evidence: service.shape.evidence.catch(null).parse(row.evidence),
    tls: service.shape.tls.catch(null).parse(row.tls),
    firstSeen: row.first_seen.toISOString(),
    lastSeen: row.last_seen.toISOString(),
  };
}

/** What listens where, by address and port. */
export function servicesPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const schema = {
      tags: ['services'],
      summary: 'List services by address and port',
      querystring: listServicesQuery,
      response: { 200: page(service) },
    };
    app.get('/api/v1/services', { config: { access: everyRole }, schema }, async (request) => {
      const scope = scopeOf(request);
      const { query } = request;
      const rows = await listServices(scope, context.database.db, query);
      return pageOf(rows, query.limit, await countServices(scope, context.database.db, query), {
        item: shown,
        cursor: (row) => encodeCursor('service', [row.address, row.port, row.id]),
      });
    });
  };
}
