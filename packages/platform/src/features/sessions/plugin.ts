import { noFeatures } from '@picket/contracts/api/feature';
import {
  acceptTermsRequest,
  changePasswordRequest,
  type SessionState,
  sessionState,
  signedOut,
  signInRequest,
  terms,
} from '@picket/contracts/api/session';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { wholeSubscription } from '../../server/access/sight.ts';
import { type SessionIdentity, scopeOf } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { readFeatures } from '../../server/feature-switches.ts';
import { clearSessionCookie, type FreshSession, originOf, setSessionCookie } from '../../server/session-cookie.ts';
import type { ProviderSignOut } from '../../server/provider-sign-out.ts';
import { readSetupState } from '../../server/setup-state.ts';
import { softwareVersion } from '../../server/version.ts';
import { findAccount } from './session-queries.ts';
import { addSessionLists } from './list-plugin.ts';
import type { SessionService } from './session-service.ts';
import { currentTerms } from './terms.ts';

function identityOf(request: FastifyRequest): SessionIdentity {
  scopeOf(request);
  if (!request.identity) throw new Error('the route lets nobody in without a session');
  return request.identity;
}

/** Signing in and out, the first password, the terms. Takes the service that also authenticates every other request. */
export function sessionsPlugin(
  context: PlatformContext,
  service: SessionService,
  leaveProvider: ProviderSignOut,
): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['session'];
    const stateOf = (identity: SessionIdentity | null) => readState(context, identity);
    addSessionLists(app, context);
    const begin = async (reply: FastifyReply, fresh: FreshSession) => {
      setSessionCookie(reply, fresh);
      return stateOf(fresh.identity);
    };

    app.get(
      '/api/v1/session',
      {
        config: { access: 'optional' },
        schema: { tags, summary: 'Who is signed in', response: { 200: sessionState } },
      },
      (request) => stateOf(request.identity),
    );
    app.post(
      '/api/v1/session',
      {
        config: { access: 'public' },
        schema: { tags, summary: 'Sign in', body: signInRequest, response: { 200: sessionState } },
      },
      async (request, reply) => begin(reply, await service.signIn(request.body, originOf(request))),
    );
    app.delete(
      '/api/v1/session',
      { config: { access: 'onboarding' }, schema: { tags, summary: 'Sign out', response: { 200: signedOut } } },
      async (request, reply) => {
        const { identity } = request;
        // It goes with the session, so it is read before; the browser is told of it after.
        const signOutUrl = identity ? await leaveProvider(identity, reply) : null;
        if (identity) await service.signOut(identity, originOf(request));
        clearSessionCookie(reply);
        return { ...(await stateOf(null)), signOutUrl };
      },
    );
    app.post(
      '/api/v1/session/password',
      {
        config: { access: 'onboarding' },
        schema: {
          tags,
          summary: 'Change the own password',
          body: changePasswordRequest,
          response: { 200: sessionState },
        },
      },
      async (request, reply) =>
        begin(reply, await service.changePassword(identityOf(request), request.body, originOf(request))),
    );
    app.get(
      '/api/v1/terms',
      { config: { access: 'public' }, schema: { tags, summary: 'The terms', response: { 200: terms } } },
      async () => currentTerms,
    );
    app.post(
      '/api/v1/session/terms',
      {
        config: { access: 'onboarding' },
        schema: { tags, summary: 'Accept the terms', body: acceptTermsRequest, response: { 200: sessionState } },
      },
      async (request) => {
        await service.acceptTerms(scopeOf(request), request.body.version, originOf(request));
        return stateOf(request.identity && { ...request.identity, termsAccepted: true });
      },
    );
  };
}

function howMuch({ sight }: AccessScope) {
  if (sight === 'everything') return sight;
  return sight.networks.size > 0 || sight.groupIds.length > 0 ? 'groups' : 'nothing';
}

async function readState(context: PlatformContext, identity: SessionIdentity | null): Promise<SessionState> {
  const account = identity && (await findAccount(identity.scope, context.database.db));
  const viewer = identity?.scope ?? wholeSubscription(context.subscriptionId);
  const setup = await readSetupState(viewer, context.database.db);
  const known = identity !== null && account;
  return {
    user: known
      ? {
          id: account.id,
          login: account.login,
          name: account.name,
          role: account.role,
          passwordChangeNeeded: identity.passwordChangeNeeded,
          termsAccepted: identity.termsAccepted,
          secondFactorNeeded: identity.secondFactorNeeded,
          sees: howMuch(identity.scope),
          businessUnitId: identity.scope.unitId,
          hasPassword: account.hasPassword,
        }
      : null,
    csrfToken: known ? identity.csrfToken : null,
    // How much there is concerns nobody who is not signed in.
    setup: known ? setup : { complete: setup.complete, networks: 0, appliances: 0 },
    features: known ? await readFeatures(identity.scope, context.database.db) : noFeatures,
    termsVersion: currentTerms.version,
    version: softwareVersion,
  };
}
