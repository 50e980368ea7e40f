import { idParams } from '@picket/contracts/api/page';
import {
  confirmTotpRequest,
  factorProof,
  factors,
  newTotp,
  passwordProof,
  recoveryCodes,
} from '@picket/contracts/api/sign-in';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import type { SecondFactor } from '../../server/second-factor.ts';
import { findPasswordHash } from './factor-queries.ts';
import {
  type Asking,
  beginTotp,
  confirmNewTotp,
  endTotp,
  type FactorParts,
  factorsOf,
  renewRecoveryCodes,
  resetFactors,
} from './factor-service.ts';

/** Also before the terms, and while the policy lets nobody in without a second factor. */
const own = { access: 'onboarding' } as const;

/** Codes of an authenticator app beside the password: on, off, recovery codes, and a Manager's reset. */
export function factorsPlugin(context: PlatformContext, factor: SecondFactor): FastifyPluginAsync {
  return async (app) => {
    addOwnFactors(app, { context, factor });
    addFactorsOfOthers(app, context);
  };
}

function askingOf(request: FastifyRequest): Asking {
  const scope = scopeOf(request);
  // The local administration socket is nobody's account.
  if (!request.identity || scope.accountId === 0) throw notFound('account', 0);
  return { identity: request.identity, address: request.ip };
}

function addOwnFactors(plain: FastifyInstance, parts: FactorParts): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['session'];
  const codes = { 200: recoveryCodes };
  app.get(
    '/api/v1/session/factors',
    { config: own, schema: { tags, summary: 'Own second factors', response: { 200: factors } } },
    (request) => factorsOf(askingOf(request).identity.scope, parts.context.database.db),
  );
  app.post(
    '/api/v1/session/totp',
    {
      config: own,
      schema: { tags, summary: 'Begin with an authenticator app', body: passwordProof, response: { 200: newTotp } },
    },
    (request) => beginTotp(parts, askingOf(request), request.body.password),
  );
  app.post(
    '/api/v1/session/totp/confirm',
    {
      config: own,
      schema: { tags, summary: 'Turn it on with a first code', body: confirmTotpRequest, response: codes },
    },
    async (request) => ({ codes: await confirmNewTotp(parts, askingOf(request), request.body.code) }),
  );
  app.post(
    '/api/v1/session/totp/recovery-codes',
    { config: own, schema: { tags, summary: 'Make new recovery codes', body: factorProof, response: codes } },
    async (request) => ({ codes: await renewRecoveryCodes(parts, askingOf(request), request.body) }),
  );
  app.post(
    '/api/v1/session/totp/off',
    {
      config: own,
      schema: { tags, summary: 'Turn it off', body: factorProof, response: { 200: factors } },
    },
    async (request) => {
      const asking = askingOf(request);
      await endTotp(parts, asking, request.body);
      return factorsOf(asking.identity.scope, parts.context.database.db);
    },
  );
}

function addFactorsOfOthers(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['accounts'];
  const config = { access: managerOnly, personOnly: true };
  app.get(
    '/api/v1/accounts/:id/factors',
    { config, schema: { tags, summary: 'Second factors of somebody', params: idParams, response: { 200: factors } } },
    async (request) => {
      const owner = { subscriptionId: scopeOf(request).subscriptionId, accountId: request.params.id };
      if (!(await findPasswordHash(owner, context.database.db))) throw notFound('account', owner.accountId);
      return factorsOf(owner, context.database.db);
    },
  );
  app.delete(
    '/api/v1/accounts/:id/factors',
    {
      config,
      schema: {
        tags,
        summary: 'Remove the second factors of somebody who lost them',
        params: idParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await resetFactors(context, scopeOf(request), request.params.id, request.ip);
      return reply.code(204).send(null);
    },
  );
}
