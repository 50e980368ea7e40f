import { idParams } from '@picket/contracts/api/page';
import {
  passkey,
  passkeySignInRequest,
  passkeys,
  registerPasskeyRequest,
  renamePasskeyRequest,
  signedIn,
  webAuthnOptions,
} from '@picket/contracts/api/sign-in';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import { everyRole, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { originOf, setSessionCookie } from '../../server/session-cookie.ts';
import { deletePasskey, listPasskeys, renamePasskey, shownPasskey } from './passkey-queries.ts';
import {
  type BeginSession,
  beginRegistration,
  beginSignIn,
  finishRegistration,
  finishSignIn,
} from './passkey-service.ts';
import { relyingParty } from './relying-party.ts';

const own = { access: everyRole, personOnly: true };

/** Passkeys: made by the signed-in, and signing in with one instead of login, password and code. */
export function passkeysPlugin(context: PlatformContext, begin: BeginSession): FastifyPluginAsync {
  return async (app) => {
    addRegistration(app, context);
    addOwnPasskeys(app, context);
    addSignIn(app, context, begin);
  };
}

function partyOf(context: PlatformContext, request: FastifyRequest) {
  return relyingParty(context.config.publicUrl, request.headers.host);
}

function addRegistration(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['passkeys'];
  app.post(
    '/api/v1/passkeys/options',
    { config: own, schema: { tags, summary: 'Begin to make a passkey', response: { 200: webAuthnOptions } } },
    async (request) => ({ ...(await beginRegistration(context, scopeOf(request), partyOf(context, request))) }),
  );
  app.post(
    '/api/v1/passkeys',
    {
      config: own,
      schema: {
        tags,
        summary: 'Keep the passkey that the browser made',
        body: registerPasskeyRequest,
        response: { 201: passkey },
      },
    },
    async (request, reply) => {
      const { identity } = request;
      if (!identity) throw notFound('account', 0);
      const asking = { identity, address: request.ip, party: partyOf(context, request) };
      return reply.code(201).send(await finishRegistration(context, asking, request.body));
    },
  );
}

function addOwnPasskeys(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['passkeys'];
  app.get(
    '/api/v1/passkeys',
    { config: own, schema: { tags, summary: 'Own passkeys', response: { 200: passkeys } } },
    async (request) => ({ items: (await listPasskeys(scopeOf(request), context.database.db)).map(shownPasskey) }),
  );
  app.patch(
    '/api/v1/passkeys/:id',
    {
      config: own,
      schema: {
        tags,
        summary: 'Rename an own passkey',
        params: idParams,
        body: renamePasskeyRequest,
        response: { 200: passkey },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const { id } = request.params;
      return context.database.transaction(async (trx) => {
        const row = await renamePasskey(scope, trx, id, request.body.name);
        if (!row) throw notFound('passkey', id);
        const detail = { name: row.name };
        await recordAudit(scope, trx, {
          action: 'passkey.rename',
          subject: `passkey:${id}`,
          detail,
          address: request.ip,
        });
        return shownPasskey(row);
      });
    },
  );
  app.delete(
    '/api/v1/passkeys/:id',
    {
      config: own,
      schema: { tags, summary: 'Remove an own passkey', params: idParams, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const scope = scopeOf(request);
      const { id } = request.params;
      await context.database.transaction(async (trx) => {
        const row = await deletePasskey(scope, trx, id);
        if (!row) throw notFound('passkey', id);
        const detail = { name: row.name };
        await recordAudit(scope, trx, {
          action: 'passkey.remove',
          subject: `passkey:${id}`,
          detail,
          address: request.ip,
        });
      });
      return reply.code(204).send(null);
    },
  );
}

function addSignIn(plain: FastifyInstance, context: PlatformContext, begin: BeginSession): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['session'];
  const config = { access: 'public' } as const;
  app.post(
    '/api/v1/session/passkey/options',
    { config, schema: { tags, summary: 'Begin to sign in with a passkey', response: { 200: webAuthnOptions } } },
    async (request) => ({ ...(await beginSignIn(context, partyOf(context, request), request.ip)) }),
  );
  app.post(
    '/api/v1/session/passkey',
    {
      config,
      schema: { tags, summary: 'Sign in with a passkey', body: passkeySignInRequest, response: { 200: signedIn } },
    },
    async (request, reply) => {
      const asking = { origin: originOf(request), party: partyOf(context, request) };
      setSessionCookie(reply, await finishSignIn({ context, begin }, asking, request.body.answer));
      return { signedIn: true as const };
    },
  );
}
