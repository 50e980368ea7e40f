import type { OidcProviderState } from '@picket/contracts/api/oidc';
import type { ApiToken, SessionEntry } from '@picket/contracts/api/sign-in';
import { ago } from './fixture-data.ts';

const sessions: readonly SessionEntry[] = [
  {
    id: 1,
    method: 'password+code',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36',
    address: '10.20.0.7',
    createdAt: ago(90),
    lastUsedAt: ago(1),
    expiresAt: ago(-60 * 24 * 6),
    current: true,
  },
  {
    id: 2,
    method: 'password',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0',
    address: '2001:db8::17',
    createdAt: ago(60 * 30),
    lastUsedAt: ago(200),
    expiresAt: ago(-60 * 24 * 5),
    current: false,
  },
];
const token: ApiToken = {
  id: 1,
  name: 'nightly export on build-3',
  scope: 'read',
  ending: 'x7Qa',
  createdAt: ago(60 * 24 * 30),
  expiresAt: ago(-60 * 24 * 60),
  lastUsedAt: ago(60 * 5),
  lastAddress: '10.20.0.31',
  expired: false,
};

const provider: OidcProviderState = {
  redirectUri: 'https://picket.example.org:8443/api/v1/session/oidc/callback',
  signedOutUri: 'https://picket.example.org:8443/api/v1/session/oidc/signed-out',
  provider: {
    name: 'Sample IdP',
    issuer: 'https://idp.example.org',
    clientId: 'picket',
    loginClaim: 'email',
    mailDomains: ['example.org'],
    unknownPeople: 'refuse',
    linkByLogin: true,
    passwordSignIn: true,
    logoutAtProvider: false,
    secondFactorByAmr: false,
    caPem: null,
    changedAt: ago(60 * 24 * 3),
    changedBy: 'manager',
  },
};

/** Answers what concerns signing in; null for the rest. */
export function answerSignIn(call: {
  readonly method: string;
  readonly path: string;
  readonly state: { mode: string };
}) {
  const { method, path, state } = call;
  const ok = (body: unknown) => ({ status: 200, body });
  if (path === '/sign-in-methods') return ok({ oidc: { name: 'Sample IdP' }, passwordForAll: true });
  if (path === '/invitation')
    return ok({
      invitedBy: 'Sample Manager',
      login: 'guest@example.org',
      name: 'Sample Guest',
      role: 'scanner',
      businessUnitName: 'Plant Hamburg',
      expiresAt: ago(-60 * 24 * 5),
    });
  if (state.mode === 'signed-out') return null;
  const name = path.replace(/^\/accounts\/\d+\//, '/');
  if (method === 'POST' && name === '/tokens') return ok({ ...token, token: `pkt_${'A1b2C3'.repeat(6)}` });
  if (method === 'POST' && name === '/session/totp')
    return ok({
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      uri: 'otpauth://totp/Picket:manager?secret=GEZDGNBVGY3TQOJQ',
    });
  if (method === 'POST' && name === '/session/totp/confirm')
    return ok({ codes: Array.from({ length: 10 }, (_, n) => `abcd-efgh-jkmn-pq${n}z`) });
  if (method === 'PATCH' && name === '/security-policy')
    return ok({ idleMinutes: 480, absoluteHours: 168, requireSecondFactor: false, oidcCountsAsSecondFactor: false });
  if (method !== 'GET') return null;
  if (name === '/sessions') return ok({ items: sessions });
  if (name === '/tokens') return ok({ items: state.mode === 'empty' ? [] : [token] });
  if (name === '/passkeys')
    return ok({
      items:
        state.mode === 'empty'
          ? []
          : [{ id: 1, name: 'laptop', synced: false, createdAt: ago(9000), lastUsedAt: null }],
    });
  if (path === '/session/factors') return ok({ totpSince: null, recoveryCodesLeft: 0, passkeys: 1 });
  if (name === '/factors') return ok({ totpSince: ago(60 * 24 * 9), recoveryCodesLeft: 8, passkeys: 1 });
  if (name === '/identity') return ok({ linkedAt: ago(60 * 24 * 40), issuer: 'https://idp.example.org' });
  if (name === '/oidc-provider') return ok(state.mode === 'empty' ? { ...provider, provider: null } : provider);
  if (name === '/lock') return ok({ failures: 6, lockedUntil: ago(-1) });
  if (name === '/security-policy')
    return ok({ idleMinutes: 480, absoluteHours: 168, requireSecondFactor: false, oidcCountsAsSecondFactor: false });
  return null;
}
