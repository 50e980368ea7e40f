import { features, updateFeaturesRequest } from '@picket/contracts/api/feature';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { changeFeatures } from './service.ts';

/** What a subscription has, and switching it on and off (spec section 5). */
export function switchesPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['features'];
    const response = { 200: features };
    app.get(
      '/api/v1/features',
      { config: { access: everyRole }, schema: { tags, summary: 'Features of the subscription', response } },
      (request) => readFeatures(scopeOf(request), context.database.db),
    );
    app.patch(
      '/api/v1/features',
      {
        config: { access: managerOnly },
        schema: {
          tags,
          summary: 'Switch features on or off; appliances follow at their next poll',
          body: updateFeaturesRequest,
          response,
        },
      },
      (request) => changeFeatures(context, scopeOf(request), request.body, request.ip),
    );
  };
}
