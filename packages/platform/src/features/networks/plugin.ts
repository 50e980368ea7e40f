import { network, networkRequest } from '@picket/contracts/api/network';
import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { networkPage, readNetwork, removeNetwork, saveNetwork } from './network-service.ts';

/** Named networks: the only address space that can be scanned. Managers alone decide what is in it. */
export function networksPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['networks'];
    const read = { access: everyRole };
    const write = { access: managerOnly };

    app.get(
      '/api/v1/networks',
      {
        config: read,
        schema: { tags, summary: 'List networks', querystring: pageQuery, response: { 200: page(network) } },
      },
      (request) => networkPage(context, scopeOf(request), request.query),
    );
    app.get(
      '/api/v1/networks/:id',
      { config: read, schema: { tags, summary: 'One network', params: idParams, response: { 200: network } } },
      (request) => readNetwork(context, scopeOf(request), request.params.id),
    );
    app.post(
      '/api/v1/networks',
      {
        config: write,
        schema: { tags, summary: 'Register a network', body: networkRequest, response: { 201: network } },
      },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveNetwork(context, scopeOf(request), target, request.body));
      },
    );
    app.put(
      '/api/v1/networks/:id',
      {
        config: write,
        schema: {
          tags,
          summary: 'Replace a network',
          params: idParams,
          body: networkRequest,
          response: { 200: network },
        },
      },
      (request) => saveNetwork(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.delete(
      '/api/v1/networks/:id',
      {
        config: write,
        schema: {
          tags,
          summary: 'Delete a network and what was found in it',
          params: idParams,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await removeNetwork(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
