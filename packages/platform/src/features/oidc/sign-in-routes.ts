import {
  beginOidcRequest,
  begunOidc,
  oidcCodeRequest,
  type OidcOutcome,
  oidcOutcomeParameter,
  signInMethods,
} from '@picket/contracts/api/oidc';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AccountMaker, Owner } from '../../server/account-maker.ts';
import { recordAudit } from '../../server/audit.ts';
import { type FreshSession, type Origin, originOf, setSessionCookie } from '../../server/session-cookie.ts';
import type { SecondFactor } from '../../server/second-factor.ts';
import { readSignInMethods } from '../../server/sign-in-methods.ts';
import { beginOidc, browserValue, returnMs } from './begin-sign-in.ts';
import { finishOidc, type Returned } from './finish-sign-in.ts';
import { type OidcParts, OidcRefusal } from './provider-client.ts';
import { isBackFromSignOut, keepSignOut } from './provider-sign-out.ts';
import { awaitCode, codeMs, needsCode, takeCode } from './second-step.ts';

export interface SignInDeps extends OidcParts {
  readonly accounts: AccountMaker;
  readonly factor: SecondFactor;
  /** Begins a session for somebody who proved who they are without a password. */
  readonly begin: (owner: Owner, how: { readonly method: string; readonly origin: Origin }) => Promise<FreshSession>;
}

/** Lax, because the provider's page sends the browser back to us. */
const browserCookie = '__Host-picket-oidc';
const browserOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: returnMs / 1000 } as const;
const codeCookie = '__Host-picket-oidc-code';
const codeOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'strict', maxAge: codeMs / 1000 } as const;
const config = { access: 'public' } as const;
const tags = ['session'];

/** To the provider and back: open to everybody, as signing in is. */
export function addSignIn(plain: FastifyInstance, deps: SignInDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const { context } = deps;
  app.get(
    '/api/v1/sign-in-methods',
    { config, schema: { tags, summary: 'How people may sign in', response: { 200: signInMethods } } },
    async () => {
      const { provider, passwordForAll } = await readSignInMethods(context, context.database.db);
      return { oidc: provider === null ? null : { name: provider }, passwordForAll };
    },
  );
  app.post(
    '/api/v1/session/oidc',
    {
      config,
      schema: {
        tags,
        summary: 'Begin to sign in by the identity provider',
        body: beginOidcRequest,
        response: { 200: begunOidc },
      },
    },
    async (request, reply) => {
      const browser = browserValue(context, request.cookies[browserCookie]);
      const url = await beginOidc(deps, request.body, { browser, address: request.ip });
      reply.setCookie(browserCookie, browser, browserOptions);
      return { url };
    },
  );
  addReturn(plain, deps);
  addSignedOut(plain);
  addCode(plain, deps);
}

function addReturn(plain: FastifyInstance, deps: SignInDeps): void {
  plain.withTypeProvider<ZodTypeProvider>().get(
    '/api/v1/session/oidc/callback',
    {
      config,
      schema: {
        tags,
        summary: 'Where the identity provider sends the browser back to',
        querystring: z.object({ state: z.string().max(512).optional() }),
        response: { 303: z.null() },
      },
    },
    async (request, reply) => {
      try {
        return go(reply, await comeBack(request, reply, deps));
      } catch (error) {
        if (!(error instanceof OidcRefusal)) throw error;
        await writeRefusal(deps, error, request.ip);
        return go(reply, signInPage(error.outcome));
      }
    },
  );
}

/** The sign-in page, with a word from a fixed list: nothing that the provider or anybody else wrote. */
function signInPage(outcome: OidcOutcome): string {
  return `/?${oidcOutcomeParameter}=${outcome}`;
}

function go(reply: FastifyReply, to: string) {
  return reply.code(303).header('location', to).header('cache-control', 'no-store').send(null);
}

async function comeBack(
  request: FastifyRequest<{ Querystring: { state?: string | undefined } }>,
  reply: FastifyReply,
  deps: SignInDeps,
): Promise<string> {
  const { url = '' } = request.raw;
  const { owner, returnTo, signOut, twoFactors } = await finishOidc(deps, {
    state: request.query.state,
    search: url.includes('?') ? url.slice(url.indexOf('?')) : '',
    browser: request.cookies[browserCookie],
    origin: originOf(request),
  });
  if (!twoFactors && (await needsCode(deps, owner))) {
    reply.setCookie(codeCookie, await awaitCode(deps, owner, { returnTo, signOut }), codeOptions);
    return signInPage('code-needed');
  }
  await enter(request, reply, deps, { owner, signOut, method: twoFactors ? 'oidc+mfa' : 'oidc' });
  return returnTo;
}

async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: SignInDeps,
  { owner, signOut, method }: Omit<Returned, 'returnTo'> & { readonly method: string },
): Promise<void> {
  const fresh = await deps.begin(owner, { method, origin: originOf(request) });
  await keepSignOut(deps, fresh.identity, signOut);
  setSessionCookie(reply, fresh);
}

/** Nothing of what the provider says of a sign-out is believed: the session here ended before. */
function addSignedOut(plain: FastifyInstance): void {
  plain.withTypeProvider<ZodTypeProvider>().get(
    '/api/v1/session/oidc/signed-out',
    {
      config,
      schema: {
        tags,
        summary: 'Where the identity provider sends the browser back to after it signed somebody out',
        querystring: z.object({ state: z.string().max(512).optional() }),
        response: { 303: z.null() },
      },
    },
    async (request, reply) =>
      go(reply, isBackFromSignOut(request, reply, request.query.state) ? signInPage('signed-out') : '/'),
  );
}

async function writeRefusal({ context }: SignInDeps, error: OidcRefusal, address: string): Promise<void> {
  const { database, log, subscriptionId } = context;
  log.write('warning', 'oidc.refused', { outcome: error.outcome, message: error.message });
  await recordAudit({ subscriptionId, login: 'unknown' }, database.db, {
    action: 'oidc.refused',
    subject: 'account:unknown',
    detail: { reason: error.outcome },
    address,
  });
}

function addCode(plain: FastifyInstance, deps: SignInDeps): void {
  plain.withTypeProvider<ZodTypeProvider>().post(
    '/api/v1/session/oidc/code',
    {
      config,
      schema: {
        tags,
        summary: 'The code of an app after the identity provider',
        body: oidcCodeRequest,
        response: { 200: begunOidc },
      },
    },
    async (request, reply) => {
      const ticket = request.cookies[codeCookie];
      const given = { ticket, code: request.body.code, address: request.ip };
      const { returnTo, ...entering } = await takeCode(deps, given);
      await enter(request, reply, deps, entering);
      reply.clearCookie(codeCookie, codeOptions);
      return { url: returnTo };
    },
  );
}
