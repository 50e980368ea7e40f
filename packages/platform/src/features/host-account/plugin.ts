import { hostAccount } from '@picket/contracts/api/host-account';
import { idParams } from '@picket/contracts/api/page';
import { ipLiteral } from '@picket/contracts/primitive';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { readAccount } from './service.ts';

/** Why a host is in the results of a job, or is not. */
export function hostAccountPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    app.get(
      '/api/v1/scans/:id/hosts/:address/account',
      {
        config: { access: everyRole },
        schema: {
          tags: ['scans'],
          summary: 'Why an address is in the results of a map or scan, or is not',
          params: idParams.extend({ address: ipLiteral }),
          response: { 200: hostAccount },
        },
      },
      (request) => readAccount(context, scopeOf(request), request.params.id, request.params.address),
    );
  };
}
