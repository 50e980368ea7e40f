import type { Role } from '@picket/contracts/api/session';
import { role } from '@picket/contracts/api/session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestClient, type TestPlatform } from './testing.ts';

/** Routes that answer anybody. */
const open = [
  'GET /healthz',
  'GET /api/v1/session',
  'POST /api/v1/session',
  'POST /api/v1/session/oidc',
  'GET /api/v1/session/oidc/callback',
  'GET /api/v1/session/oidc/signed-out',
  'POST /api/v1/session/oidc/code',
  'GET /api/v1/sign-in-methods',
  'POST /api/v1/session/passkey',
  'POST /api/v1/session/passkey/options',
  'GET /api/v1/terms',
  'POST /api/v1/invitation',
  'POST /api/v1/invitation/accept',
];
/** Routes for whoever is signed in, also before the first password change. */
const onboarding = [
  'DELETE /api/v1/session',
  'POST /api/v1/session/password',
  'POST /api/v1/session/terms',
  'GET /api/v1/session/factors',
  'POST /api/v1/session/totp',
  'POST /api/v1/session/totp/confirm',
  'POST /api/v1/session/totp/recovery-codes',
  'POST /api/v1/session/totp/off',
];

/** Who may use a route, by rule: written anew here, not read from the code. First match counts. */
const rules: readonly (readonly [RegExp, readonly Role[]])[] = [
  [/^\w+ \/api\/v1\/accounts\/\{id\}\/(sessions|tokens|lock|factors|identity)/, ['manager']],
  [/^GET \/api\/v1\/(accounts|invitations)/, ['manager', 'auditor', 'unit-manager']],
  [/^\w+ \/api\/v1\/(accounts|invitations)/, ['manager', 'unit-manager']],
  [/^GET \/api\/v1\/(audit|exclusions)/, ['manager', 'auditor']],
  [/^POST \/api\/v1\/tags\/\{id\}\/assets/, ['manager', 'unit-manager', 'scanner']],
  [/^(POST|PUT|DELETE) \/api\/v1\/(business-units|asset-groups)/, ['manager']],
  [/^\w+ \/api\/v1\/(security-policy|oidc-provider|mail-server|webhooks|deliveries)/, ['manager']],
  [/^\w+ \/api\/v1\/notification-choice/, ['manager', 'auditor', 'unit-manager', 'scanner', 'reader']],
  [/^\w+ \/api\/v1\/(sessions|tokens|passkeys)/, ['manager', 'auditor', 'unit-manager', 'scanner', 'reader']],
  [/^(POST|PUT|PATCH|DELETE) \/api\/v1\/(networks|setup|windows|exclusions|tags)/, ['manager']],
  [/^PATCH \/api\/v1\/features/, ['manager']],
  [/^(POST|DELETE) \/api\/v1\/(stop-all|hold)/, ['manager', 'unit-manager']],
  [/^GET \/api\/v1\/virtual-appliances\/image/, ['manager', 'unit-manager']],
  [/^PUT \/api\/v1\/virtual-appliances/, ['manager']],
  [/clear-suspicion$/, ['manager']],
  [/^(POST|DELETE) \/api\/v1\/releases/, ['manager']],
  [/^(POST|PUT|PATCH|DELETE) \/api\/v1\/(appliances|pending-devices)/, ['manager', 'unit-manager']],
  [
    /^(POST|PUT|PATCH|DELETE) \/api\/v1\/(scans|plans|schedules|option-profiles)/,
    ['manager', 'unit-manager', 'scanner'],
  ],
  [/^GET /, ['manager', 'auditor', 'unit-manager', 'scanner', 'reader']],
];

describe('roles and routes', () => {
  let running: TestPlatform;
  let routes: readonly (readonly [method: string, path: string])[];
  const clients = new Map<Role, TestClient>();

  beforeAll(async () => {
    running = await startTestPlatform();
    const { json } = await running.client().send('GET', '/api/openapi.json');
    const paths: [string, Record<string, unknown>][] = Object.entries(json.paths);
    routes = paths.flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    for (const name of role.options) clients.set(name, await running.signedIn(name));
  });
  afterAll(() => running.close());

  const closed = () => routes.filter(([method, path]) => !open.includes(`${method} ${path}`));
  // An id that nothing has: whoever may use the route gets 400 or 404 and changes nothing.
  const target = (path: string) => path.replaceAll(/\{\w+\}/g, '999999');
  // Event streams do not end by themselves.
  const ends = ([, path]: readonly [string, string]) => !path.endsWith('/stream');

  it('refuse the anonymous everywhere but on the open routes', async () => {
    expect(closed().length).toBeGreaterThan(25);
    for (const [method, path] of closed()) {
      const answer = await running.client().send(method, target(path));
      expect([method, path, answer.status, answer.json?.code]).toEqual([method, path, 401, 'session.needed']);
    }
  });

  it('refuse every role that a rule does not name, and only those', async () => {
    for (const [method, path] of closed().filter(ends)) {
      const route = `${method} ${path}`;
      if (onboarding.includes(route) || route === 'POST /api/v1/setup/complete') continue;
      const allowed = rules.find(([pattern]) => pattern.test(route))?.[1];
      expect(allowed, `${route} has no rule in this test`).toBeDefined();
      for (const [name, client] of clients) {
        const answer = await client.send(method, target(path));
        const refused = answer.status === 403 && answer.json?.code === 'session.role';
        expect([route, name, refused]).toEqual([route, name, !allowed?.includes(name)]);
        expect(answer.status).not.toBe(401);
        expect(answer.status).toBeLessThan(500);
      }
    }
  });

  it('refuse every change without the CSRF token of the session', async () => {
    const manager = clients.get('manager');
    for (const [method, path] of closed()) {
      if (method === 'GET') continue;
      for (const token of ['', 'x'.repeat(43), clients.get('reader')?.csrf ?? '']) {
        const answer = await manager?.send(method, target(path), undefined, { 'x-picket-csrf': token });
        expect([method, path, answer?.status, answer?.json.code]).toEqual([method, path, 403, 'session.csrf']);
      }
    }
  });

  it('refuse everything but the onboarding to somebody who has not changed the one-time password or accepted the terms', async () => {
    const { database } = running.platform.context;
    const reader = await running.signedIn('manager');
    const state = await reader.send('GET', '/api/v1/session');
    const set = (values: { password_change_needed?: boolean; terms_version?: string | null }) =>
      database.db.updateTable('account').set(values).where('id', '=', state.json.user.id).execute();
    await set({ password_change_needed: true });
    for (const [method, path] of closed()) {
      if (onboarding.includes(`${method} ${path}`)) continue;
      const answer = await reader.send(method, target(path));
      expect([method, path, answer.json?.code]).toEqual([method, path, 'session.password-change-needed']);
    }
    await set({ password_change_needed: false, terms_version: null });
    for (const [method, path] of closed()) {
      if (onboarding.includes(`${method} ${path}`)) continue;
      const answer = await reader.send(method, target(path));
      expect([method, path, answer.json?.code]).toEqual([method, path, 'session.terms-needed']);
    }
  });
});
