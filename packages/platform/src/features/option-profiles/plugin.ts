import { optionProfile, optionProfileRequest } from '@picket/contracts/api/option-profile';
import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, scanningRoles, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { profilePage, readProfile, removeProfile, saveProfile } from './profile-service.ts';

/** Saved options of maps and scans: a Manager's for everybody, one's own for oneself. */
export function optionProfilesPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['scans'];
    const read = { access: everyRole };
    const write = { access: scanningRoles };
    const url = '/api/v1/option-profiles';
    const params = idParams;
    const body = optionProfileRequest;
    const response = { 200: optionProfile };

    app.get(
      url,
      {
        config: read,
        schema: {
          tags,
          summary: 'List option profiles, the built-in ones first',
          querystring: pageQuery,
          response: { 200: page(optionProfile) },
        },
      },
      (request) => profilePage(context, scopeOf(request), request.query),
    );
    app.get(
      `${url}/:id`,
      { config: read, schema: { tags, summary: 'One option profile', params, response } },
      (request) => readProfile(context, scopeOf(request), request.params.id),
    );
    app.post(
      url,
      { config: write, schema: { tags, summary: 'Save an option profile', body, response: { 201: optionProfile } } },
      async (request, reply) => {
        const target = { id: null, address: request.ip };
        return reply.code(201).send(await saveProfile(context, scopeOf(request), target, request.body));
      },
    );
    app.put(
      `${url}/:id`,
      {
        config: write,
        schema: { tags, summary: 'Change an option profile, which makes its next version', params, body, response },
      },
      (request) => saveProfile(context, scopeOf(request), { id: request.params.id, address: request.ip }, request.body),
    );
    app.delete(
      `${url}/:id`,
      {
        config: write,
        schema: {
          tags,
          summary: 'Delete an option profile that no schedule uses',
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await removeProfile(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
