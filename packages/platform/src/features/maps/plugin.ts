import {
  listMapHostsQuery,
  mapAnswer,
  mapDifferenceAnswer,
  mapDifferenceQuery,
  mapHostItem,
} from '@picket/contracts/api/map';
import { idParams, page } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { MapStore } from './map-store.ts';
import { mapDifference, mapHostPage, readMap } from './service.ts';

/** Maps as data: what a job saw of networks, ways and hosts, and what changed since the last. */
export function mapsPlugin(context: PlatformContext): FastifyPluginAsync {
  const deps = { context, store: new MapStore() };
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['maps'];
    const config = { access: everyRole };
    const params = idParams;
    app.get(
      '/api/v1/maps/:id/result',
      {
        config,
        schema: { tags, summary: 'Networks, gateways and hops of a map or scan', params, response: { 200: mapAnswer } },
      },
      (request) => readMap(deps, scopeOf(request), request.params.id),
    );
    app.get(
      '/api/v1/maps/:id/hosts',
      {
        config,
        schema: {
          tags,
          summary: 'Hosts of a map or scan with their roles, by address',
          params,
          querystring: listMapHostsQuery,
          response: { 200: page(mapHostItem) },
        },
      },
      (request) => mapHostPage(deps, scopeOf(request), request.params.id, request.query),
    );
    app.get(
      '/api/v1/maps/:id/difference',
      {
        config,
        schema: {
          tags,
          summary: 'What is new, gone, changed or was not tested since an earlier map',
          params,
          querystring: mapDifferenceQuery,
          response: { 200: mapDifferenceAnswer },
        },
      },
      (request) => mapDifference(deps, scopeOf(request), request.params.id, request.query),
    );
  };
}
