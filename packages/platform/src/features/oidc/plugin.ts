import { trialResult } from '@picket/contracts/api/notification';
import {
  accountIdentity,
  oidcProviderState,
  setOidcProviderRequest,
  testOidcRequest,
} from '@picket/contracts/api/oidc';
import { idParams } from '@picket/contracts/api/page';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AccountMaker } from '../../server/account-maker.ts';
import { managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { outboundConnector } from '../../server/outbound-connector.ts';
import { secretBox } from '../../server/secret-box.ts';
import type { OidcParts } from './provider-client.ts';
import { findAccountById, findIdentity } from './provider-queries.ts';
import { readProviderState, removeIdentity, removeProvider, setProvider, testProvider } from './provider-service.ts';
import { addSignIn, type SignInDeps } from './sign-in-routes.ts';

const config = { access: managerOnly, personOnly: true };

/** What every part of the feature works with. */
export function oidcParts(context: PlatformContext): OidcParts {
  return {
    context,
    box: secretBox(context.keys.platform, context.random),
    connector: outboundConnector(context.config, context, { allowOwnMachine: context.config.localReceivers }),
  };
}

/** Signing in by an OpenID Connect provider: its settings, the way there and back, and who is bound to whom. */
export function oidcPlugin(
  parts: OidcParts,
  signIn: Pick<SignInDeps, 'begin' | 'factor'>,
  accounts: AccountMaker,
): FastifyPluginAsync {
  return async (app) => {
    addSettings(app, parts);
    addIdentities(app, parts);
    addSignIn(app, { ...parts, ...signIn, accounts });
  };
}

function addSettings(plain: FastifyInstance, parts: OidcParts): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['security'];
  const response = { 200: oidcProviderState };
  app.get(
    '/api/v1/oidc-provider',
    { config, schema: { tags, summary: 'The identity provider that people sign in with', response } },
    (request) => readProviderState(parts, scopeOf(request)),
  );
  app.put(
    '/api/v1/oidc-provider',
    {
      config,
      schema: {
        tags,
        summary: 'Set up the identity provider; without a secret the stored one stays',
        body: setOidcProviderRequest,
        response,
      },
    },
    (request) => setProvider(parts, scopeOf(request), request.body, request.ip),
  );
  app.delete(
    '/api/v1/oidc-provider',
    { config, schema: { tags, summary: 'Sign in without an identity provider', response: { 204: z.null() } } },
    async (request, reply) => {
      await removeProvider(parts, scopeOf(request), request.ip);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/oidc-provider/test',
    {
      config,
      schema: {
        tags,
        summary: 'Ask a provider what it says of itself',
        body: testOidcRequest,
        response: { 200: trialResult },
      },
    },
    (request) => testProvider(parts, scopeOf(request), request.body, request.ip),
  );
}

function addIdentities(plain: FastifyInstance, parts: OidcParts): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['accounts'];
  const params = idParams;
  app.get(
    '/api/v1/accounts/:id/identity',
    {
      config,
      schema: { tags, summary: 'Who somebody is at the provider', params, response: { 200: accountIdentity } },
    },
    async (request) => {
      const { db } = parts.context.database;
      const owner = { subscriptionId: scopeOf(request).subscriptionId, accountId: request.params.id };
      if (!(await findAccountById(owner, db))) throw notFound('account', owner.accountId);
      const found = await findIdentity(owner, db);
      return { issuer: found?.issuer ?? null, linkedAt: found?.linked_at.toISOString() ?? null };
    },
  );
  app.delete(
    '/api/v1/accounts/:id/identity',
    {
      config,
      schema: { tags, summary: 'Part an account from it', params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await removeIdentity(parts, scopeOf(request), request.params.id, request.ip);
      return reply.code(204).send(null);
    },
  );
}
