import { idParams } from '@picket/contracts/api/page';
import { apiTokens, createApiTokenRequest, createdApiToken } from '@picket/contracts/api/sign-in';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { accountExists, listTokens } from './token-queries.ts';
import { createToken, revokeToken, shownToken } from './token-service.ts';

const gone = { 204: z.null() };

/** API tokens: for programs, in the name of an account. Only people make and revoke them. */
export function tokensPlugin(context: PlatformContext): FastifyPluginAsync {
  return async (app) => {
    addOwnTokens(app, context);
    addTokensOfOthers(app, context);
  };
}

function addOwnTokens(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['tokens'];
  const config = { access: everyRole, personOnly: true };
  app.get(
    '/api/v1/tokens',
    { config, schema: { tags, summary: 'Own API tokens, newest first', response: { 200: apiTokens } } },
    async (request) => {
      const rows = await listTokens(scopeOf(request), context.database.db);
      return { items: rows.map((row) => shownToken(row, context.clock.now())) };
    },
  );
  app.post(
    '/api/v1/tokens',
    {
      config,
      schema: {
        tags,
        summary: 'Make an API token; it is shown once',
        body: createApiTokenRequest,
        response: { 201: createdApiToken },
      },
    },
    async (request, reply) => {
      const scope = scopeOf(request);
      // The local administration socket is nobody's account.
      if (scope.accountId === 0) throw notFound('account', 0);
      const token = await createToken(context, scope, request.body, request.ip);
      return reply.code(201).send(token);
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    { config, schema: { tags, summary: 'Revoke an own API token', params: idParams, response: gone } },
    async (request, reply) => {
      const scope = scopeOf(request);
      const what = { accountId: scope.accountId, id: request.params.id, address: request.ip };
      await revokeToken(context, scope, what);
      return reply.code(204).send(null);
    },
  );
}

function addTokensOfOthers(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['accounts'];
  const config = { access: managerOnly, personOnly: true };
  app.get(
    '/api/v1/accounts/:id/tokens',
    {
      config,
      schema: { tags, summary: 'API tokens of somebody', params: idParams, response: { 200: apiTokens } },
    },
    async (request) => {
      const owner = { subscriptionId: scopeOf(request).subscriptionId, accountId: request.params.id };
      if (!(await accountExists(owner, context.database.db))) throw notFound('account', owner.accountId);
      const rows = await listTokens(owner, context.database.db);
      return { items: rows.map((row) => shownToken(row, context.clock.now())) };
    },
  );
  app.delete(
    '/api/v1/accounts/:id/tokens/:token',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke an API token of somebody',
        params: idParams.extend({ token: idParams.shape.id }),
        response: gone,
      },
    },
    async (request, reply) => {
      const what = { accountId: request.params.id, id: request.params.token, address: request.ip };
      await revokeToken(context, scopeOf(request), what);
      return reply.code(204).send(null);
    },
  );
}
