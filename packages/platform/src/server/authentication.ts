import { createHash, timingSafeEqual } from 'node:crypto';
import '@fastify/cookie';
import type { Role } from '@picket/contracts/api/session';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessScope } from './context.ts';
import { refuse } from './http-error.ts';
import { isLocalAdmin, localAdminLogin } from './local-admin.ts';

/**
 * Who may use a route; every route says it in `config.access`.
 * - `public`: anybody. - `optional`: anybody, and the session is known when there is one. - `device`: signed appliance messages, judged by the route itself.
 * - `onboarding`: signed in, also before the first password change and the terms.
 * - a list of roles: signed in, through with both, and one of these.
 */
export type Access = 'public' | 'optional' | 'device' | 'onboarding' | readonly Role[];

/** Everybody who is signed in. */
export const everyRole: readonly Role[] = ['manager', 'unit-manager', 'scanner', 'reader'];
/** May plan and run scans. */
export const scanningRoles: readonly Role[] = ['manager', 'unit-manager', 'scanner'];
/** May administer appliances (spec section 1). */
export const applianceRoles: readonly Role[] = ['manager', 'unit-manager'];
export const managerOnly: readonly Role[] = ['manager'];

/** A session that holds. */
export interface SessionIdentity {
  readonly scope: AccessScope;
  readonly csrfToken: string;
  readonly tokenHash: Uint8Array;
  readonly passwordChangeNeeded: boolean;
  readonly termsAccepted: boolean;
}

/** Finds the session of a cookie's token; null when there is none or it ended. */
export type Authenticator = (token: string) => Promise<SessionIdentity | null>;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Set on routes that need a session, and on public ones when there happens to be one. */
    identity: SessionIdentity | null;
  }
}

/** `__Host-` binds the cookie to this host and to HTTPS (RFC 6265bis section 4.1.3.2). */
export const sessionCookie = '__Host-picket';
export const csrfHeader = 'x-picket-csrf';

/** The caller of a route that needs a session. */
export function scopeOf(request: FastifyRequest): AccessScope {
  if (!request.identity) throw notSignedIn();
  return request.identity.scope;
}

/** Who a request over the local administration socket is: a Manager without an account. */
export function localAdminIdentity(subscriptionId: number): SessionIdentity {
  return {
    scope: { subscriptionId, accountId: 0, role: 'manager', login: localAdminLogin },
    csrfToken: '',
    tokenHash: new Uint8Array(),
    passwordChangeNeeded: false,
    termsAccepted: true,
  };
}

/** Refuses a request before its body is read, unless its route lets the caller in. */
export function addAuthentication(
  app: FastifyInstance,
  authenticate: Authenticator,
  origins: () => readonly string[],
  local: SessionIdentity,
): void {
  app.decorateRequest('identity', null);
  app.addHook('onRoute', (route) => {
    const file = !/^\/(api|appliance)\//.test(route.url);
    if (route.config?.access === undefined && !file)
      throw new Error(`The route ${route.url} does not say who may use it.`);
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public';
    if (access === 'device') return;
    if (isLocalAdmin(request.raw)) {
      request.identity = local;
      return;
    }
    const unsafe = !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
    if (unsafe) refuseForeignOrigin(request, origins());
    if (access === 'public') return;
    const token = request.cookies[sessionCookie];
    request.identity = token ? await authenticate(token) : null;
    if (access === 'optional') return;
    if (!request.identity) throw notSignedIn();
    if (unsafe) refuseWithoutCsrf(request, request.identity);
    if (access !== 'onboarding') refuseUnready(request.identity, access);
  });
}

function refuseForeignOrigin(request: FastifyRequest, origins: readonly string[]): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const sameHost = `https://${request.headers.host}`;
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const foreignOrigin = origin !== undefined && origin !== sameHost && !origins.includes(origin);
  if (foreignSite || foreignOrigin) {
    throw refuse({
      status: 403,
      code: 'session.foreign-origin',
      message: 'The request came from a page of another origin.',
      hint: 'Open the platform by its own address. Behind a proxy, set publicUrl to the address that people use.',
    });
  }
}

function refuseWithoutCsrf(request: FastifyRequest, identity: SessionIdentity): void {
  const given = request.headers[csrfHeader];
  if (typeof given === 'string' && equalSecrets(given, identity.csrfToken)) return;
  throw refuse({
    status: 403,
    code: 'session.csrf',
    message: `The header ${csrfHeader} is missing or does not belong to this session.`,
    hint: 'Reload the page. Programs send the csrfToken of GET /api/v1/session.',
  });
}

function refuseUnready(identity: SessionIdentity, roles: readonly Role[]): void {
  if (identity.passwordChangeNeeded) {
    throw refuse({
      status: 403,
      code: 'session.password-change-needed',
      message: 'The one-time password must be changed first.',
      hint: 'Choose a password of your own, then go on.',
    });
  }
  if (!identity.termsAccepted) {
    throw refuse({
      status: 403,
      code: 'session.terms-needed',
      message: 'The terms have not been accepted yet.',
      hint: 'Read and accept the terms, then go on.',
    });
  }
  if (!roles.includes(identity.scope.role)) {
    throw refuse({
      status: 403,
      code: 'session.role',
      message: `The role ${identity.scope.role} does not allow this.`,
      hint: `Ask somebody with one of these roles: ${roles.join(', ')}.`,
    });
  }
}

function notSignedIn() {
  return refuse({
    status: 401,
    code: 'session.needed',
    message: 'Nobody is signed in, or the session has ended.',
    hint: 'Sign in and try again.',
  });
}

/** Compares in a time that does not tell where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
