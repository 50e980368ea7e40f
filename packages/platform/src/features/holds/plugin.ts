import { holdState, stopAllRequest, stopAllResult } from '@picket/contracts/api/hold';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { applianceRoles, everyRole, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { liftHold, readHoldState, stopAll } from './service.ts';

/** "Stop all": every job ends or pauses, and nothing is leased until somebody lifts the hold. */
export function holdsPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['scans'];
    const stops = { access: applianceRoles };
    app.get(
      '/api/v1/hold',
      {
        config: { access: everyRole },
        schema: { tags, summary: 'Whether "Stop all" is in force', response: { 200: holdState } },
      },
      (request) => readHoldState(context, scopeOf(request)),
    );
    app.post(
      '/api/v1/stop-all',
      {
        config: stops,
        schema: {
          tags,
          summary: 'Stop everything that scans, and hold everything that would start, until somebody lifts it',
          body: stopAllRequest,
          response: { 200: stopAllResult },
        },
      },
      (request) => stopAll(context, scopeOf(request), request.body, request.ip),
    );
    app.delete(
      '/api/v1/hold',
      { config: stops, schema: { tags, summary: 'Lift what "Stop all" placed', response: { 200: holdState } } },
      (request) => liftHold(context, scopeOf(request), request.ip),
    );
  };
}
