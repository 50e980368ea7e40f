import { virtualAppliances, virtualLimitRequest } from '@picket/contracts/api/virtual-appliance';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { applianceRoles, everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { changeVirtualLimit, openImage, readVirtual } from './virtual.ts';

/** How many virtual appliances there may be, and the image that they are made of (spec section 8). */
export function virtualAppliancesPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['appliances'];
    const response = { 200: virtualAppliances };
    app.get(
      '/api/v1/virtual-appliances',
      {
        config: { access: everyRole },
        schema: { tags, summary: 'Virtual appliances: how many there are and may be, and their image', response },
      },
      (request) => readVirtual(context, scopeOf(request)),
    );
    app.put(
      '/api/v1/virtual-appliances',
      {
        config: { access: managerOnly },
        schema: { tags, summary: 'Set how many virtual appliances there may be', body: virtualLimitRequest, response },
      },
      (request) => changeVirtualLimit(context, scopeOf(request), request.body.limit, request.ip),
    );
    app.get(
      '/api/v1/virtual-appliances/image',
      {
        config: { access: applianceRoles },
        schema: { tags, summary: 'Download the image of the virtual appliance' },
      },
      async (request, reply) => {
        const image = await openImage(context, scopeOf(request));
        const name = image.name.replaceAll(/[^A-Za-z0-9._-]/g, '_');
        return reply
          .type('application/octet-stream')
          .header('content-length', image.bytes)
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(image.open());
      },
    );
  };
}
