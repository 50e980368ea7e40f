import { idParams, page } from '@picket/contracts/api/page';
import { assetGroup, assetGroupRequest, listAssetGroupsQuery } from '@picket/contracts/api/people';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { groupPage, readGroup, removeGroup, saveGroup } from './group-service.ts';

/** Addresses with the appliances and people that belong to them. Managers alone decide who sees what. */
export function assetGroupsPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['people'];
    const read = { access: everyRole };
    const write = { access: managerOnly };
    const params = idParams;
    const url = '/api/v1/asset-groups';
    const response = { 200: assetGroup };

    app.get(
      url,
      {
        config: read,
        schema: {
          tags,
          summary: 'List asset groups',
          querystring: listAssetGroupsQuery,
          response: { 200: page(assetGroup) },
        },
      },
      (request) => groupPage(context, scopeOf(request), request.query),
    );
    app.get(`${url}/:id`, { config: read, schema: { tags, summary: 'One asset group', params, response } }, (request) =>
      readGroup(context, scopeOf(request), request.params.id),
    );
    app.post(
      url,
      {
        config: write,
        bodyLimit: 4_194_304,
        schema: { tags, summary: 'Make an asset group', body: assetGroupRequest, response: { 201: assetGroup } },
      },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveGroup(context, scopeOf(request), target, request.body));
      },
    );
    app.put(
      `${url}/:id`,
      {
        config: write,
        bodyLimit: 4_194_304,
        schema: { tags, summary: 'Replace an asset group', params, body: assetGroupRequest, response },
      },
      (request) => saveGroup(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.delete(
      `${url}/:id`,
      { config: write, schema: { tags, summary: 'Delete an asset group', params, response: { 204: z.null() } } },
      async (request, reply) => {
        await removeGroup(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
