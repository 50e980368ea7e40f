import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confined,
  essence,
  expectForeignUnchanged,
  expectNothingOf,
  startTwoUnits,
  type TwoUnits,
} from './testing-confined-accounts.ts';
import type { TestUnit } from './testing-two-units.ts';

type Kind = Exclude<keyof TestUnit, 'canary' | 'prefixes'>;

/** What the id in a path names. A route with an id that no line fits fails the test: say here what it is. `null`: of nobody's unit. */
const kinds: readonly (readonly [RegExp, Kind | null])[] = [
  // Of one account alone, whatever its unit: the session's own lists.
  [/^\/api\/v1\/(sessions|tokens|passkeys)\/\{id\}/, null],
  [/^\/api\/v1\/accounts\/\{id\}/, 'account'],
  [/^\/api\/v1\/invitations\/\{id\}/, 'invitation'],
  [/^\/api\/v1\/appliances\/\{id\}/, 'appliance'],
  [/^\/api\/v1\/asset-groups\/\{id\}/, 'group'],
  [/^\/api\/v1\/business-units\/\{id\}/, 'unit'],
  [/^\/api\/v1\/assets\/\{id\}/, 'asset'],
  [/^\/api\/v1\/detections\/\{id\}/, 'detection'],
  [/^\/api\/v1\/scans\/\{id\}/, 'scan'],
  [/^\/api\/v1\/maps\/\{id\}/, 'map'],
  [/^\/api\/v1\/networks\/\{id\}/, 'network'],
  [/^\/api\/v1\/option-profiles\/\{id\}/, 'profile'],
  [/^\/api\/v1\/schedules\/\{id\}/, 'schedule'],
  [/^\/api\/v1\/(checks|exclusions|releases|tags|windows|webhooks|deliveries)\/\{id\}/, null],
];

/** What a query parameter names. One that no line fits fails the test. `null`: nothing of a unit; `text`: searched for. */
const parameters: Readonly<Record<string, Kind | 'text' | null>> = {
  assetId: 'asset',
  scanId: 'scan',
  networkId: 'network',
  assetGroupId: 'group',
  businessUnitId: 'unit',
  to: 'map',
  tagId: null,
  q: 'text',
  ...Object.fromEntries(
    'from change actor action format cursor limit sort severity status state kind check service port role rollback network firstSeenSince untested'
      .split(' ')
      .map((name) => [name, null]),
  ),
};

/** Bodies that a route takes, so that the answer is about the id. A route that needs one and has none here fails the test with 400. */
const bodies: Readonly<Record<string, (own: TestUnit) => unknown>> = {
  'PATCH /api/v1/accounts/{id}': () => ({ name: 'Renamed' }),
  'PATCH /api/v1/appliances/{id}': () => ({ name: 'renamed' }),
  'PUT /api/v1/schedules/{id}': (own) => ({
    name: 'Renamed',
    zone: 'UTC',
    recurrence: { kind: 'once', start: '2040-01-01T00:00' },
    scan: { kind: 'scan', networkId: own.network, targets: '10.61.0.7' },
  }),
  'PUT /api/v1/option-profiles/{id}': () => ({ name: 'Renamed', options: {} }),
  'POST /api/v1/appliances/{id}/replace': () => ({ by: 'personalization' }),
  'PUT /api/v1/appliances/{id}/scan-network': () => ({ ...emptyScanNetwork, generation: 1 }),
  'PUT /api/v1/appliances/{id}/update-schedule': () => ({ at: '03:00' }),
};

/** What else a path names, filled in with what is the unit's own. What has no line here is asked for as 999999. */
const others: Readonly<Record<string, (own: TestUnit) => string>> = {
  address: (own) => `${own.prefixes[0]}0.7`,
  other: (own) => String(own.map),
};

describe('an account sees its own unit and nothing of another', () => {
  let units: TwoUnits;
  let routes: readonly { readonly method: string; readonly path: string; readonly query: readonly string[] }[] = [];

  beforeAll(async () => {
    units = await startTwoUnits();
    const { json } = await units.running.client().send('GET', '/api/openapi.json');
    const paths: [string, Record<string, { parameters?: { name: string; in: string }[] }>][] = Object.entries(
      json.paths,
    );
    routes = paths.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters: given = [] }]) => ({
        method: method.toUpperCase(),
        path,
        query: given.filter((one) => one.in === 'query').map((one) => one.name),
      })),
    );
  });
  afterAll(() => units.running.close());

  const filled = (path: string, unit: TestUnit, id: number, unknown?: string) =>
    path.replace('{id}', String(id)).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const text = others[name]?.(unit) ?? unknown;
      expect(text, `{${name}} of ${path} has no line in this test`).toBeDefined();
      return text ?? '';
    });
  const streams = (path: string) => path.endsWith('/stream');
  const kindOf = (path: string): Kind | null => {
    const found = kinds.find(([pattern]) => pattern.test(path));
    expect(found, `the id of ${path} has no line in this test`).toBeDefined();
    return found?.[1] ?? null;
  };

  it('answers for a foreign id exactly as for none, on every route', async () => {
    const withIds = routes.filter(({ path }) => path.includes('{'));
    expect(withIds.length).toBeGreaterThan(30);
    for (const { method, path } of withIds) {
      const kind = kindOf(path);
      if (kind === null) continue;
      for (const who of [...confined, 'nobody'] as const) {
        const call = (id: number) =>
          units
            .client(who)
            .send(method, filled(path, units.own, id, '999999'), bodies[`${method} ${path}`]?.(units.own));
        const [answer, none] = [await call(units.foreign[kind]), await call(999_999)];
        const what = `${who} ${method} ${path}`;
        expect([what, [403, 404].includes(answer.status)]).toEqual([what, true]);
        expect([what, essence(answer, units.foreign[kind])]).toEqual([what, essence(none, 999_999)]);
        expectNothingOf(units.foreign, what, answer);
      }
    }
  });

  it('shows what is its own, and everything to a Manager and an Auditor', async () => {
    for (const { method, path } of routes) {
      if (method !== 'GET' || !path.includes('{') || streams(path)) continue;
      const kind = kindOf(path);
      if (kind === null || kind === 'account') continue;
      for (const who of ['manager', 'auditor', ...confined] as const) {
        const answer = await units.client(who).send(method, filled(path, units.own, units.own[kind]));
        // A schedule is its owner's, and of whoever administers the owner; an option profile its owner's alone.
        const others =
          (kind === 'schedule' && (who === 'scanner' || who === 'reader')) ||
          (kind === 'profile' && confined.includes(who));
        expect([who, path, answer.status]).toEqual([who, path, others ? 404 : 200]);
        expectNothingOf(units.foreign, `${who} ${path}`, answer);
        if (who !== 'manager' && who !== 'auditor') continue;
        expect((await units.client(who).send(method, filled(path, units.foreign, units.foreign[kind]))).status).toBe(
          200,
        );
      }
    }
  });

  it('lists, counts, finds and filters what is its own alone', async () => {
    for (const { method, path, query } of routes) {
      if (method !== 'GET' || path.includes('{') || streams(path)) continue;
      const searches: string[] = [''];
      for (const name of query) {
        const kind = parameters[name];
        expect(kind, `the parameter ${name} of ${path} has no line in this test`).not.toBeUndefined();
        if (kind === 'text')
          searches.push(`?${name}=${units.foreign.canary}`, `?${name}=${units.foreign.prefixes[0]}0.7`);
        else if (kind !== null && kind !== undefined) searches.push(`?${name}=${units.foreign[kind]}`);
      }
      for (const who of [...confined, 'nobody'] as const) {
        for (const search of searches) {
          const answer = await units.client(who).send(method, path + search);
          const what = `${who} ${path}${search}`;
          expect([what, answer.status < 500]).toEqual([what, true]);
          expectNothingOf(units.foreign, what, answer);
          if (who === 'nobody') expectNothingOf(units.own, what, answer);
          const found = search === '' || answer.status !== 200 ? 0 : (answer.json.total ?? 0);
          expect([what, found]).toEqual([what, 0]);
        }
      }
    }
  });

  it('changed nothing of the other unit', () => expectForeignUnchanged(units));
});
