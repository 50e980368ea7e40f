import { idParams } from '@picket/contracts/api/page';
import { endedSessions, sessionEntries, signInLock } from '@picket/contracts/api/sign-in';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { notFound } from '../../server/http-error.ts';
import { findAccount } from './session-queries.ts';
import { endOtherSessions, endSession, endSessionsOf, listSessions } from './session-list.ts';
import { readLock, unlock } from './sign-in-guard.ts';

const own = { access: everyRole, personOnly: true };
const managers = { access: managerOnly, personOnly: true };
const sessionParams = idParams.extend({ session: idParams.shape.id });
const gone = { 204: z.null() };

/** Where somebody is signed in, and ending it: the own sessions, and for Managers those of others and their lock-out. */
export function addSessionLists(app: FastifyInstance, context: PlatformContext): void {
  addOwnSessions(app, context);
  addSessionsOfOthers(app, context);
  addLockOut(app, context);
}

function addOwnSessions(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['session'];
  app.get(
    '/api/v1/sessions',
    {
      config: own,
      schema: { tags, summary: 'Own sessions, the one used last first', response: { 200: sessionEntries } },
    },
    async (request) => {
      const scope = scopeOf(request);
      const current = request.identity?.tokenHash ?? null;
      return { items: [...(await listSessions(context, scope, { accountId: scope.accountId, current }))] };
    },
  );
  app.delete(
    '/api/v1/sessions/:id',
    { config: own, schema: { tags, summary: 'End an own session', params: idParams, response: gone } },
    async (request, reply) => {
      const scope = scopeOf(request);
      const what = { accountId: scope.accountId, id: request.params.id, address: request.ip };
      await endSession(context, scope, what);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/sessions/end-others',
    {
      config: own,
      schema: { tags, summary: 'End every own session but this one', response: { 200: endedSessions } },
    },
    async (request) => {
      scopeOf(request);
      const { identity } = request;
      return { ended: identity ? await endOtherSessions(context, identity, request.ip) : 0 };
    },
  );
}

function addSessionsOfOthers(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['accounts'];
  app.get(
    '/api/v1/accounts/:id/sessions',
    {
      config: managers,
      schema: { tags, summary: 'Sessions of somebody', params: idParams, response: { 200: sessionEntries } },
    },
    async (request) => {
      const account = await accountOf(context, request);
      const current = request.identity?.tokenHash ?? null;
      return { items: [...(await listSessions(context, scopeOf(request), { accountId: account.id, current }))] };
    },
  );
  app.delete(
    '/api/v1/accounts/:id/sessions',
    {
      config: managers,
      schema: { tags, summary: 'End every session of somebody', params: idParams, response: { 200: endedSessions } },
    },
    async (request) => {
      const account = await accountOf(context, request);
      return { ended: await endSessionsOf(context, scopeOf(request), account.id, request.ip) };
    },
  );
  app.delete(
    '/api/v1/accounts/:id/sessions/:session',
    {
      config: managers,
      schema: { tags, summary: 'End a session of somebody', params: sessionParams, response: gone },
    },
    async (request, reply) => {
      const what = { accountId: request.params.id, id: request.params.session, address: request.ip };
      await endSession(context, scopeOf(request), what);
      return reply.code(204).send(null);
    },
  );
}

function addLockOut(plain: FastifyInstance, context: PlatformContext): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const tags = ['accounts'];
  const schema = { tags, params: idParams, response: { 200: signInLock } };
  const lockOf = async (login: string) => {
    const { failures, lockedUntil } = await readLock(context, login);
    return { failures, lockedUntil: lockedUntil?.toISOString() ?? null };
  };
  app.get(
    '/api/v1/accounts/:id/lock',
    { config: managers, schema: { ...schema, summary: 'Failed sign-ins of somebody, and how long they have to wait' } },
    async (request) => lockOf((await accountOf(context, request)).login),
  );
  app.delete(
    '/api/v1/accounts/:id/lock',
    { config: managers, schema: { ...schema, summary: 'Let somebody sign in again at once' } },
    async (request) => {
      const account = await accountOf(context, request);
      await context.database.transaction(async (trx) => {
        await unlock(trx, account.login);
        await recordAudit(scopeOf(request), trx, {
          action: 'account.unlock',
          subject: `account:${account.id}`,
          address: request.ip,
        });
      });
      return lockOf(account.login);
    },
  );
}

async function accountOf(context: PlatformContext, request: FastifyRequest<{ Params: { id: number } }>) {
  const scope: AccessScope = { ...scopeOf(request), accountId: request.params.id };
  const account = await findAccount(scope, context.database.db);
  if (!account) throw notFound('account', request.params.id);
  return account;
}
