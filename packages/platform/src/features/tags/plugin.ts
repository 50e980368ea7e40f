import { tag, tagAssetsRequest, tagRequest } from '@picket/contracts/api/tag';
import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, managerOnly, scanningRoles, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { tagPage, readTag, removeTag, saveTag, tagAssets } from './tag-service.ts';

/** Names for assets. Managers make them; who scans gives those by hand to assets that they see. */
export function tagsPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['assets'];
    const read = { access: everyRole };
    const write = { access: managerOnly };
    const url = '/api/v1/tags';
    const params = idParams;
    const body = tagRequest;
    const response = { 200: tag };

    app.get(
      url,
      {
        config: read,
        schema: {
          tags,
          summary: 'List tags',
          querystring: pageQuery,
          response: { 200: page(tag) },
        },
      },
      (request) => tagPage(context, scopeOf(request), request.query),
    );
    app.get(`${url}/:id`, { config: read, schema: { tags, summary: 'One tag', params, response } }, (request) =>
      readTag(context, scopeOf(request), request.params.id),
    );
    app.post(
      url,
      { config: write, schema: { tags, summary: 'Make a tag', body, response: { 201: tag } } },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveTag(context, scopeOf(request), target, request.body));
      },
    );
    app.put(
      `${url}/:id`,
      {
        config: write,
        schema: { tags, summary: 'Change a tag', params, body, response },
      },
      (request) => saveTag(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.post(
      `${url}/:id/assets`,
      {
        config: { access: scanningRoles },
        schema: { tags, summary: 'Give a tag to assets, or take it away', params, body: tagAssetsRequest, response },
      },
      (request) => tagAssets(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.delete(
      `${url}/:id`,
      {
        config: write,
        schema: {
          tags,
          summary: 'Delete a tag that no schedule uses',
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await removeTag(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
