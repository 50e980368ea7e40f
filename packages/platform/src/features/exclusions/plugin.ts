import { exclusion, exclusionRequest } from '@picket/contracts/api/exclusion';
import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { systemResolver } from '../../jobs/adapters/system-resolver.ts';
import type { NameResolver } from '../../jobs/name-resolver.ts';
import { auditReaders, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { exclusionPage, readOne, removeExclusion, saveExclusion } from './exclusion-service.ts';

/** Addresses that nothing of the subscription scans. Managers alone decide. */
export function exclusionsPlugin(
  context: PlatformContext,
  resolver: NameResolver = systemResolver,
): FastifyPluginAsync {
  const deps = { context, resolver };
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['exclusions'];
    // Exclusions name addresses of everybody.
    const read = { access: auditReaders };
    const write = { access: managerOnly };
    const url = '/api/v1/exclusions';
    const params = idParams;
    const response = { 200: exclusion };

    app.get(
      url,
      {
        config: read,
        schema: { tags, summary: 'List exclusions', querystring: pageQuery, response: { 200: page(exclusion) } },
      },
      (request) => exclusionPage(context, scopeOf(request), request.query),
    );
    app.get(`${url}/:id`, { config: read, schema: { tags, summary: 'One exclusion', params, response } }, (request) =>
      readOne(context, scopeOf(request), request.params.id),
    );
    app.post(
      url,
      {
        config: write,
        schema: {
          tags,
          summary: 'Exclude addresses from every map and scan',
          body: exclusionRequest,
          response: { 201: exclusion },
        },
      },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveExclusion(deps, scopeOf(request), target, request.body));
      },
    );
    app.put(
      `${url}/:id`,
      {
        config: write,
        schema: { tags, summary: 'Replace an exclusion', params, body: exclusionRequest, response },
      },
      (request) => saveExclusion(deps, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.delete(
      `${url}/:id`,
      { config: write, schema: { tags, summary: 'Lift an exclusion', params, response: { 204: z.null() } } },
      async (request, reply) => {
        await removeExclusion(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
