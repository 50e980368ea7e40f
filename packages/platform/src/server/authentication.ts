import { createHash, timingSafeEqual } from 'node:crypto';
import '@fastify/cookie';
import type { Role } from '@picket/contracts/api/session';
import type { TokenScope } from '@picket/contracts/api/sign-in';
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
export const everyRole: readonly Role[] = ['manager', 'auditor', 'unit-manager', 'scanner', 'reader'];
/** May plan and run scans. */
export const scanningRoles: readonly Role[] = ['manager', 'unit-manager', 'scanner'];
/** May administer appliances (spec section 1). */
export const applianceRoles: readonly Role[] = ['manager', 'unit-manager'];
/** May administer people: a Unit Manager those of the own unit. */
export const peopleRoles: readonly Role[] = ['manager', 'unit-manager'];
/** May read everything about people. */
export const peopleReaders: readonly Role[] = ['manager', 'auditor', 'unit-manager'];
export const managerOnly: readonly Role[] = ['manager'];
/** See what was done by whom. */
export const auditReaders: readonly Role[] = ['manager', 'auditor'];

/** Who asks: somebody with a session that holds, or a program with a token of theirs. */
export interface SessionIdentity {
  readonly scope: AccessScope;
  /** What the token allows; null for a person's session. */
  readonly tokenScope: TokenScope | null;
  readonly csrfToken: string;
  readonly tokenHash: Uint8Array;
  readonly passwordChangeNeeded: boolean;
  readonly termsAccepted: boolean;
  /** The policy asks for a second factor, and this session was begun without one. */
  readonly secondFactorNeeded: boolean;
}

/** The ways of proving who asks. */
export interface Authenticators {
  /** Finds the session of a cookie's token; null when there is none or it ended. */
  readonly session: (token: string) => Promise<SessionIdentity | null>;
  /** Finds whom an API token stands for; null when it is not good. Refuses an address with too many bad ones. */
  readonly apiToken: (token: string, address: string) => Promise<SessionIdentity | null>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** True: never with an API token, whatever its scope. So is everything about signing in, and about who may. */
    personOnly?: boolean;
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
    scope: { subscriptionId, accountId: 0, role: 'manager', login: localAdminLogin, unitId: null, sight: 'everything' },
    tokenScope: null,
    csrfToken: '',
    tokenHash: new Uint8Array(),
    passwordChangeNeeded: false,
    termsAccepted: true,
    secondFactorNeeded: false,
  };
}

/** Refuses a request before its body is read, unless its route lets the caller in. */
export function addAuthentication(
  app: FastifyInstance,
  authenticate: Authenticators,
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
    const apiToken = bearerOf(request);
    if (apiToken !== null) {
      // No cookie is looked at beside it, so nothing but the token decides; a page of another site can't send one.
      request.identity = await authenticate.apiToken(apiToken, request.ip);
      if (!request.identity) throw badToken();
      refuseToken(request, request.identity, access);
      return;
    }
    const token = request.cookies[sessionCookie];
    request.identity = token ? await authenticate.session(token) : null;
    if (access === 'optional') return;
    if (!request.identity) throw notSignedIn();
    if (unsafe) refuseWithoutCsrf(request, request.identity);
    if (access !== 'onboarding') refuseUnready(request.identity, access);
  });
}

/** The token of `Authorization: Bearer …` (RFC 6750 section 2.1); null for every other scheme, which is not ours. */
function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer +(\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function badToken() {
  return refuse({
    status: 401,
    code: 'token.invalid',
    message: 'The API token is not known, has expired, or its account is disabled.',
    hint: 'Make a new one under Profile & security.',
  });
}

/** What a token may not, though its account may. */
function refuseToken(request: FastifyRequest, identity: SessionIdentity, access: Access): void {
  if (access === 'onboarding' || request.routeOptions.config.personOnly) {
    throw refuse({
      status: 403,
      code: 'token.person-only',
      message: 'An API token can not be used for this.',
      hint: 'Sign in with a browser: passwords, second factors, tokens, sessions and accounts are changed by people.',
    });
  }
  const roles = typeof access === 'string' ? everyRole : access;
  refuseUnready(identity, roles);
  const reads = ['GET', 'HEAD'].includes(request.method);
  if (identity.tokenScope === 'admin' || reads) return;
  if (identity.tokenScope === 'scan' && roles.includes('scanner')) return;
  throw refuse({
    status: 403,
    code: 'token.scope',
    message: `The scope "${identity.tokenScope}" of the API token does not allow this.`,
    hint: 'Make a token with a wider scope under Profile & security.',
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
  if (identity.secondFactorNeeded) {
    throw refuse({
      status: 403,
      code: 'session.second-factor-needed',
      message: 'Everybody here signs in with a second factor, and this account has none yet.',
      hint: 'Set up an authenticator app, then go on.',
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
