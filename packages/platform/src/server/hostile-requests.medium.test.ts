import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyKey } from './security-policy.ts';
import { hostileIds, hostileTexts, requestValue, type ValueSchema } from './testing-hostile.ts';
import { seedUnit, type TestUnit } from './testing-two-units.ts';
import { startTestPlatform, type TestAnswer, type TestClient, type TestPlatform } from './testing.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body: ValueSchema | null;
  readonly query: readonly { readonly name: string; readonly schema: ValueSchema }[];
}

/** Requests to each route. More with `HOSTILE_RUNS=200`. */
const runs = Number(process.env.HOSTILE_RUNS ?? 12);

/** Bodies that are no JSON, or more of it than anybody needs. */
const rawBodies: readonly string[] = [
  '{',
  '[]',
  'null',
  '"text"',
  '{"__proto__":{"admin":true},"constructor":1}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"name":"${'x'.repeat(200_000)}"}`,
  '{"name":"\\ud800"}',
  '\u0000',
];

/** What belongs to the inside of the platform: sources, statements, hashes of passwords. */
const inside =
  /node_modules|packages\/platform|\.ts:\d|\n\s+at |insert into|select .* from|syntax error|\$argon2|pg_catalog|violates/i;

describe('every route, asked by its own description with hostile values', () => {
  let running: TestPlatform;
  let own: TestUnit;
  let person: TestClient;
  let operations: readonly Operation[] = [];

  beforeAll(async () => {
    running = await startTestPlatform();
    const { database, subscriptionId } = running.platform.context;
    const { id } = await database.db
      .insertInto('network')
      .values({ subscription_id: subscriptionId, name: 'Shared' })
      .returning('id')
      .executeTakeFirstOrThrow();
    own = await seedUnit({ db: database.db, subscription: subscriptionId }, 'kestrel', 61, id);
    person = await running.signedIn('manager');
    const described = operationsOf((await running.client().send('GET', '/api/openapi.json')).json);
    operations = described.toSorted((one, other) => turn(one) - turn(other));
  });
  afterAll(() => running.close());

  /** One request. Whoever was locked out by what the request before did, comes back as another Manager. */
  async function ask(method: string, path: string, body?: unknown): Promise<TestAnswer> {
    const answer = await person.send(method, path, body);
    const lockedOut = answer.status === 401 || answer.json?.code === 'session.second-factor-needed';
    if (!lockedOut) return answer;
    await running.platform.context.database.db.deleteFrom('setting').where('key', '=', policyKey).execute();
    person = await running.signedIn('manager');
    return person.send(method, path, body);
  }

  function judge(what: string, { status, text, headers }: TestAnswer): void {
    expect(status, `${what}: ${text.slice(0, 300)}`).toBeLessThan(500);
    if (status < 400) return;
    expect(headers['content-type'], what).toMatch(/^application\/problem\+json/);
    expect(text.length, what).toBeLessThan(100_000);
    expect(text, what).not.toMatch(inside);
  }

  /** What exists, by the names that bodies and queries call it. */
  const hints = () => ({
    networkId: [own.network],
    networkIds: [own.network],
    applianceIds: [own.appliance],
    assetGroupId: [own.group],
    assetGroupIds: [own.group],
    businessUnitId: [own.unit],
    optionProfileId: [own.profile],
    scanId: [own.scan, own.map],
    assetId: [own.asset],
    assetIds: [own.asset],
  });

  const requestOf = ({ path, body, query }: Operation) =>
    fc.record({
      ids: fc.array(
        fc.oneof(fc.constantFrom(...Object.values(own).flat().map(String)), fc.constantFrom(...hostileIds)),
        {
          minLength: 3,
          maxLength: 3,
        },
      ),
      body: body === null ? fc.constant(undefined) : requestValue(body, hints()),
      query: fc.record(
        Object.fromEntries(query.map(({ name, schema }) => [name, requestValue(schema, hints(), name)])),
        {
          requiredKeys: [],
        },
      ),
      path: fc.constant(path),
    });

  it('answers without an error of its own, and tells nothing of its inside', async () => {
    expect(operations.length).toBeGreaterThan(120);
    for (const operation of operations) {
      await fc.assert(
        fc.asyncProperty(requestOf(operation), async ({ ids, body, query, path }) => {
          const unused = [...ids];
          const filled = path.replaceAll(/\{\w+\}/g, () => unused.pop() ?? '1');
          const search = new URLSearchParams(
            Object.entries(query).map(([key, value]): [string, string] => [
              key,
              typeof value === 'string' ? value : JSON.stringify(value),
            ]),
          ).toString();
          const target = search.length > 0 && search.length < 8000 ? `${filled}?${search}` : filled;
          const answer = await ask(operation.method, target, body);
          judge(`${operation.method} ${target} ${JSON.stringify(body)?.slice(0, 500)}`, answer);
        }),
        { numRuns: runs, endOnFailure: true },
      );
    }
  }, 600_000);

  it('takes no body that is no JSON, or too much of it, at any route', async () => {
    for (const { method, path, body } of operations) {
      if (body === null) continue;
      const filled = path.replaceAll(/\{\w+\}/g, '1');
      for (const raw of rawBodies) judge(`${method} ${filled} ${raw.slice(0, 60)}`, await ask(method, filled, raw));
    }
  }, 600_000);

  it('takes hostile text in every parameter of a list', async () => {
    for (const { method, path, query } of operations) {
      if (method !== 'GET' || query.length === 0) continue;
      const filled = path.replaceAll(/\{\w+\}/g, '1');
      for (const { name } of query)
        for (const text of hostileTexts.filter((one) => one.length < 3000 && one.isWellFormed())) {
          const target = `${filled}?${name}=${encodeURIComponent(text)}`;
          judge(target, await ask(method, target));
        }
    }
  }, 600_000);

  it('refuses the same to somebody who is not signed in, without a look at the body', async () => {
    for (const { method, path } of operations) {
      const filled = path.replaceAll(/\{\w+\}/g, '1');
      const answer = await running
        .client()
        .send(method, filled, method === 'GET' || method === 'DELETE' ? undefined : '{');
      judge(`${method} ${filled}`, answer);
    }
  }, 600_000);
});

/** What takes away what others ask for comes late, what ends sessions later, and what may lock everybody out last. */
function turn({ method, path }: Operation): number {
  if (method === 'POST' && /^\/api\/v1\/(session$|session\/(oidc|passkey)|invitation)/.test(path)) return 3;
  if (/\/session|\/accounts\//.test(path)) return 2;
  return method === 'DELETE' ? 1 : 0;
}

/** Routes that take and answer JSON, as the platform describes itself. */
function operationsOf(description: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}): readonly Operation[] {
  interface Described {
    readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: ValueSchema }[];
    readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: ValueSchema }>> };
  }
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([name, described]) => {
      const { parameters = [], requestBody } = described as Described;
      const method = name.toUpperCase();
      // A stream stays open.
      if (path.endsWith('/stream')) return [];
      const query = parameters.filter((one) => one.in === 'query');
      return [{ method, path, query, body: requestBody?.content['application/json']?.schema ?? null }];
    }),
  );
}
