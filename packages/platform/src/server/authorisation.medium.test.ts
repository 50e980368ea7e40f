import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { Role } from '@picket/contracts/api/session';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announce } from '../jobs/channels.ts';
import { confinedTables } from './access/seen.ts';
import { seedUnit, type TestUnit } from './testing-two-units.ts';
import { startTestPlatform, type TestAnswer, type TestClient, type TestPlatform } from './testing.ts';

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
    'from change actor action format cursor limit sort severity status state kind check service port role rollback network'
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

/** Roles whose accounts see a part; one of each is in the first unit, and a Scanner has no group at all. */
const confined: readonly Role[] = ['unit-manager', 'scanner', 'reader'];

describe('an account sees its own unit and nothing of another', () => {
  let running: TestPlatform;
  let own: TestUnit;
  let foreign: TestUnit;
  let shared = 0;
  let routes: readonly { readonly method: string; readonly path: string; readonly query: readonly string[] }[] = [];
  const clients = new Map<Role | 'nobody', TestClient>();

  beforeAll(async () => {
    running = await startTestPlatform();
    const { database, subscriptionId } = running.platform.context;
    const tenant = { db: database.db, subscription: subscriptionId };
    const { id } = await database.db
      .insertInto('network')
      .values({ subscription_id: subscriptionId, name: 'Shared' })
      .returning('id')
      .executeTakeFirstOrThrow();
    shared = id;
    own = await seedUnit(tenant, 'kestrel', 61, shared);
    foreign = await seedUnit(tenant, 'osprey', 62, shared);
    for (const role of ['manager', 'auditor', ...confined] as const) clients.set(role, await running.signedIn(role));
    for (const role of confined) await confine(clients.get(role), role === 'unit-manager' ? null : own.group);
    clients.set('nobody', await running.signedIn('scanner'));
    await confine(clients.get('nobody'), null, null);
    const { json } = await running.client().send('GET', '/api/openapi.json');
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
  afterAll(() => running.close());

  /** Takes the group All away; gives unit and group. */
  async function confine(client: TestClient | undefined, group: number | null, unit: number | null = own.unit) {
    const { db } = running.platform.context.database;
    const { json } = (await client?.send('GET', '/api/v1/session')) ?? { json: null };
    const accountId: number = json.user.id;
    await db.deleteFrom('asset_group_account').where('account_id', '=', accountId).execute();
    await db.updateTable('account').set({ business_unit_id: unit }).where('id', '=', accountId).execute();
    if (group === null) return;
    const row = {
      subscription_id: running.platform.context.subscriptionId,
      asset_group_id: group,
      account_id: accountId,
    };
    await db.insertInto('asset_group_account').values(row).execute();
  }

  const client = (who: Role | 'nobody'): TestClient => {
    const found = clients.get(who);
    if (!found) throw new Error(who);
    return found;
  };
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

  function expectNothingOf(unit: TestUnit, what: string, answer: Pick<TestAnswer, 'text' | 'headers'>) {
    const told = `${answer.text}\n${JSON.stringify(answer.headers)}`.toLowerCase();
    for (const canary of [unit.canary, ...unit.prefixes]) {
      const at = told.indexOf(canary);
      expect(at < 0 ? '' : `${what}: ${told.slice(Math.max(0, at - 80), at + 40)}`).toBe('');
    }
  }

  /** An answer without what differs from request to request. */
  const essence = ({ status, json }: TestAnswer, id: number) => {
    const { requestId: _id, instance: _instance, ...rest } = json ?? {};
    return JSON.stringify({ status, ...rest }).replaceAll(new RegExp(`\\b${id}\\b`, 'g'), 'ID');
  };

  it('answers for a foreign id exactly as for none, on every route', async () => {
    const withIds = routes.filter(({ path }) => path.includes('{'));
    expect(withIds.length).toBeGreaterThan(30);
    for (const { method, path } of withIds) {
      const kind = kindOf(path);
      if (kind === null) continue;
      for (const who of [...confined, 'nobody'] as const) {
        const call = (id: number) =>
          client(who).send(method, filled(path, own, id, '999999'), bodies[`${method} ${path}`]?.(own));
        const [answer, none] = [await call(foreign[kind]), await call(999_999)];
        const what = `${who} ${method} ${path}`;
        expect([what, [403, 404].includes(answer.status)]).toEqual([what, true]);
        expect([what, essence(answer, foreign[kind])]).toEqual([what, essence(none, 999_999)]);
        expectNothingOf(foreign, what, answer);
      }
    }
  });

  it('shows what is its own, and everything to a Manager and an Auditor', async () => {
    for (const { method, path } of routes) {
      if (method !== 'GET' || !path.includes('{') || streams(path)) continue;
      const kind = kindOf(path);
      if (kind === null || kind === 'account') continue;
      for (const who of ['manager', 'auditor', ...confined] as const) {
        const answer = await client(who).send(method, filled(path, own, own[kind]));
        // A schedule is its owner's, and of whoever administers the owner; an option profile its owner's alone.
        const others =
          (kind === 'schedule' && (who === 'scanner' || who === 'reader')) ||
          (kind === 'profile' && confined.includes(who));
        expect([who, path, answer.status]).toEqual([who, path, others ? 404 : 200]);
        expectNothingOf(foreign, `${who} ${path}`, answer);
        if (who !== 'manager' && who !== 'auditor') continue;
        expect((await client(who).send(method, filled(path, foreign, foreign[kind]))).status).toBe(200);
      }
    }
  });

  it('compares none of its jobs with a foreign one', async () => {
    for (const who of [...confined, 'nobody'] as const) {
      for (const end of ['', '/export']) {
        const path = (other: number) => `/api/v1/scans/${own.scan}/compare/${other}${end}`;
        const [answer, none] = [
          await client(who).send('GET', path(foreign.scan)),
          await client(who).send('GET', path(999_999)),
        ];
        expect([who, answer.status]).toEqual([who, 404]);
        expect(essence(answer, foreign.scan)).toBe(essence(none, 999_999));
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
        if (kind === 'text') searches.push(`?${name}=${foreign.canary}`, `?${name}=${foreign.prefixes[0]}0.7`);
        else if (kind !== null && kind !== undefined) searches.push(`?${name}=${foreign[kind]}`);
      }
      for (const who of [...confined, 'nobody'] as const) {
        for (const search of searches) {
          const answer = await client(who).send(method, path + search);
          const what = `${who} ${path}${search}`;
          expect([what, answer.status < 500]).toEqual([what, true]);
          expectNothingOf(foreign, what, answer);
          if (who === 'nobody') expectNothingOf(own, what, answer);
          const found = search === '' || answer.status !== 200 ? 0 : (answer.json.total ?? 0);
          expect([what, found]).toEqual([what, 0]);
        }
      }
    }
  });

  it('sees its half of a shared network, with its hosts and addresses alone', async () => {
    for (const who of confined) {
      const { json } = await client(who).send('GET', `/api/v1/networks/${shared}`);
      expect(json).toMatchObject({
        ranges: ['172.20.61.0-172.20.61.255'],
        assets: 1,
        addresses: '256',
        applianceIds: [own.appliance],
      });
      const assets = await client(who).send('GET', '/api/v1/assets');
      expect(assets.json.total).toBe(2);
      const overview = await client(who).send('GET', '/api/v1/overview');
      expect(overview.json).toMatchObject({ assets: 2, services: 2, detections: { high: 2 } });
      expect(overview.json.appliances).toEqual({ online: 0, offline: 1, waiting: 0 });
    }
    const all = await client('auditor').send('GET', '/api/v1/overview');
    expect(all.json).toMatchObject({ assets: 4, services: 4, detections: { high: 4 } });
    const nothing = await client('nobody').send('GET', '/api/v1/overview');
    expect(nothing.json).toMatchObject({ assets: 0, services: 0, detections: { high: 0 }, runningScans: [] });
    expect((await client('nobody').send('GET', '/api/v1/session')).json.user.sees).toBe('nothing');
  });

  it('plans and launches inside its ranges and on its appliances alone, and is told the range', async () => {
    const scan = { kind: 'scan', networkId: own.network, targets: '10.61.0.7' };
    const refused: readonly (readonly [object, string])[] = [
      [
        { networkId: foreign.network, targets: '10.62.0.7' },
        'There is no such network. Choose one of the registered networks.',
      ],
      [{ networkId: shared, targets: '172.20.61.0/24, 172.20.62.0/24' }, '172.20.62.0/24 is not in your asset groups.'],
      [{ applianceIds: [foreign.appliance] }, `Appliance ${foreign.appliance} does not serve the network kestrel net.`],
      [{ assetGroupIds: [foreign.group] }, `There is no asset group ${foreign.group}.`],
      [{ applianceGroupIds: [foreign.group] }, `There is no asset group ${foreign.group}.`],
      [{ targets: '', fromMap: { id: foreign.map } }, `There is no map ${foreign.map}.`],
      [
        { optionProfileId: foreign.profile },
        `There is no option profile ${foreign.profile}. Choose one of the list, or write the options.`,
      ],
    ];
    for (const who of ['unit-manager', 'scanner'] as const) {
      for (const [change, message] of refused) {
        for (const path of ['/api/v1/plans', '/api/v1/scans']) {
          const answer = await client(who).send('POST', path, { ...scan, ...change });
          expect(answer.status).toBe(422);
          expect(answer.json.errors.map((fault: { message: string }) => fault.message)).toContain(message);
          expect(answer.text).not.toContain(foreign.canary);
        }
      }
      const plan = await client(who).send('POST', '/api/v1/plans', {
        ...scan,
        targets: '',
        assetGroupIds: [own.group],
      });
      expect(plan.json).toMatchObject({ addresses: '65536', appliances: [{ id: own.appliance }] });
    }
    const launched = await client('scanner').send('POST', '/api/v1/scans', scan);
    expect(launched.status).toBe(201);
    const { db } = running.platform.context.database;
    const chosen = await db
      .selectFrom('scan_appliance')
      .select('appliance_id')
      .where('scan_id', '=', launched.json.id)
      .execute();
    expect(chosen).toEqual([{ appliance_id: own.appliance }]);
    await client('scanner').send('POST', `/api/v1/scans/${launched.json.id}/cancel`);
    const nowhere = await client('nobody').send('POST', '/api/v1/plans', scan);
    expect(nowhere.status).toBe(422);
    expectNothingOf(own, 'nobody plans', { ...nowhere, text: nowhere.text.replaceAll('10.61.0.7', '') });
  });

  it('tags and scans by tag what is its own alone', async () => {
    const made = await client('manager').send('POST', '/api/v1/tags', { name: 'All', rule: { ranges: '0.0.0.0/0' } });
    const byHand = await client('manager').send('POST', '/api/v1/tags', { name: 'By hand' });
    const path = `/api/v1/tags/${byHand.json.id}/assets`;
    expect((await client('manager').send('POST', path, { add: [own.asset, foreign.asset] })).status).toBe(200);
    for (const who of ['unit-manager', 'scanner'] as const) {
      expect((await client(who).send('POST', path, { remove: [foreign.asset] })).json.code).toBe('asset.not-found');
      for (const id of [made.json.id, byHand.json.id]) {
        const listed = await client(who).send('GET', `/api/v1/assets?tagId=${id}`);
        expectNothingOf(foreign, 'tagged', listed);
        expect(listed.json.total).toBe(id === made.json.id ? 2 : 1);
        const scan = { kind: 'scan', networkId: own.network, targets: '', tagIds: [id] };
        expect((await client(who).send('POST', '/api/v1/plans', scan)).json).toMatchObject({ addresses: '1' });
      }
      expect((await client(who).send('GET', `/api/v1/tags/${made.json.id}`)).json.rule).toBeNull();
    }
    expect((await client('reader').send('POST', path, { add: [own.asset] })).status).toBe(403);
    for (const id of [made.json.id, byHand.json.id]) await client('manager').send('DELETE', `/api/v1/tags/${id}`);
  });

  it('does not see a job that also covers what is not its own, and sees the hosts that it found', async () => {
    const job = { kind: 'map', networkId: shared, targets: '172.20.61.0/24 172.20.62.0/24', title: 'both halves' };
    const both = await client('manager').send('POST', '/api/v1/scans', job);
    expect(both.status).toBe(201);
    for (const who of confined)
      expect((await client(who).send('GET', `/api/v1/scans/${both.json.id}`)).status).toBe(404);
    expect((await client('auditor').send('GET', `/api/v1/scans/${both.json.id}`)).status).toBe(200);
    await client('manager').send('POST', `/api/v1/scans/${both.json.id}/cancel`);
    const half = await client('manager').send('POST', '/api/v1/scans', { ...job, targets: '172.20.61.0/25' });
    for (const who of confined)
      expect((await client(who).send('GET', `/api/v1/scans/${half.json.id}`)).status).toBe(200);
    await client('manager').send('POST', `/api/v1/scans/${half.json.id}/cancel`);
  });

  it('lets a Unit Manager administer Scanners and Readers of the own unit, and raise nobody', async () => {
    const head = client('unit-manager');
    const list = await head.send('GET', '/api/v1/accounts');
    expect(list.json.items.map((one: { login: string }) => one.login)).toContain('kestrel');
    expect(list.text).not.toContain('kestrel-head');
    const wanted = { login: 'fresh', name: 'Fresh', role: 'reader', assetGroupIds: [own.group] };
    const refused = [
      { ...wanted, role: 'manager' },
      { ...wanted, role: 'auditor' },
      { ...wanted, role: 'unit-manager' },
      { ...wanted, businessUnitId: foreign.unit },
      { ...wanted, assetGroupIds: [foreign.group] },
      { ...wanted, assetGroupIds: [1] },
    ];
    for (const path of ['/api/v1/accounts', '/api/v1/invitations']) {
      for (const body of refused) {
        const answer = await head.send('POST', path, body);
        expect([path, body, answer.status, answer.json.code]).toEqual([path, body, 422, 'account.not-allowed']);
        expectNothingOf(foreign, path, answer);
      }
    }
    const invited = await head.send('POST', '/api/v1/invitations', { ...wanted, login: 'invited' });
    expect(invited.json).toMatchObject({ role: 'reader', businessUnitId: own.unit, assetGroupIds: [own.group] });
    const guests = await head.send('GET', '/api/v1/invitations');
    expect(guests.json.items.map((one: { login: string }) => one.login)).toEqual([`${own.canary}-guest`, 'invited']);
    // To more than the Unit Manager sees: a new link would be a way to it.
    const { db } = running.platform.context.database;
    const more = { subscription_id: running.platform.context.subscriptionId, invitation_id: invited.json.id };
    await db
      .insertInto('asset_group_invitation')
      .values({ ...more, asset_group_id: foreign.group })
      .execute();
    const again = await head.send('POST', `/api/v1/invitations/${invited.json.id}/resend`);
    expect([again.status, again.json.code]).toEqual([403, 'account.beyond-unit']);
    expectNothingOf(foreign, 'beyond', again);
    expect((await client('manager').send('DELETE', `/api/v1/invitations/${invited.json.id}`)).status).toBe(204);
    const made = await head.send('POST', '/api/v1/accounts', wanted);
    expect(made.json).toMatchObject({ role: 'reader', businessUnitId: own.unit, assetGroupIds: [own.group] });
    const path = `/api/v1/accounts/${made.json.id}`;
    for (const change of [{ role: 'manager' }, { businessUnitId: null }, { assetGroupIds: [foreign.group] }]) {
      expect((await head.send('PATCH', path, change)).status).toBe(422);
    }
    expect((await head.send('PATCH', path, { role: 'scanner', disabled: true })).status).toBe(200);
    // Whoever sees more than the Unit Manager is changed by a Manager: a new password would be a way to what they see.
    expect((await client('manager').send('PATCH', path, { assetGroupIds: [own.group, foreign.group] })).status).toBe(
      200,
    );
    for (const [method, suffix, body] of [
      ['PATCH', '', { name: 'X' }],
      ['POST', '/password', undefined],
      ['DELETE', '', undefined],
    ] as const) {
      const answer = await head.send(method, path + suffix, body);
      expect([method, answer.status, answer.json.code]).toEqual([method, 403, 'account.beyond-unit']);
      expectNothingOf(foreign, 'beyond', answer);
    }
    expect((await client('manager').send('DELETE', path)).status).toBe(204);
  });

  it('has a Unit Manager put a new appliance into an asset group of the unit', async () => {
    const head = client('unit-manager');
    const wanted = { name: 'fresh-box', networkIds: [own.network], assetGroupIds: [own.group] };
    for (const assetGroupIds of [[], [foreign.group]]) {
      expect((await head.send('POST', '/api/v1/appliances/provision', { ...wanted, assetGroupIds })).status).toBe(422);
    }
    expect(
      (await head.send('POST', '/api/v1/appliances/provision', { ...wanted, networkIds: [foreign.network] })).status,
    ).toBe(422);
    const made = await head.send('POST', '/api/v1/appliances/provision', wanted);
    expect(made.json.appliance).toMatchObject({ assetGroupIds: [own.group], networkIds: [own.network] });
    const path = `/api/v1/appliances/${made.json.appliance.id}`;
    for (const who of confined) expect((await client(who).send('GET', path)).status).toBe(200);
    expect((await client('nobody').send('GET', path)).status).toBe(404);
    expect((await head.send('DELETE', path)).status).toBe(204);
  });

  it('streams what is its own, and stops when it is taken away', async () => {
    const { database, subscriptionId } = running.platform.context;
    const followed = await follow('reader', '/api/v1/stream');
    const ofScan = await follow('reader', `/api/v1/scans/${own.scan}/stream`);
    const tell = () =>
      announce(database, database.db, {
        scans: [own.scan, foreign.scan],
        appliances: [own.appliance, foreign.appliance],
        detections: [own, foreign].map((unit) => ({ scanId: unit.scan, id: unit.detection })),
      });
    await database.db.updateTable('unit').set({ updated_at: new Date() }).execute();
    await tell();
    await followed.until(
      (text) => text.includes(`weak ${own.canary}`) && text.includes(`"applianceId":${own.appliance}`),
    );
    await ofScan.until((text) => text.includes('event: ledger'));
    for (const stream of [followed, ofScan]) expectNothingOf(foreign, 'stream', { text: stream.text(), headers: {} });
    expect(followed.text()).not.toContain(`"applianceId":${foreign.appliance}`);
    const { json } = await client('reader').send('GET', '/api/v1/session');
    await database.db.deleteFrom('asset_group_account').where('account_id', '=', json.user.id).execute();
    await announce(database, database.db, { sessions: true });
    await ofScan.ended;
    const before = followed.text().length;
    await tell();
    await announce(database, database.db, { sessions: true });
    await followed.until((text) => text.slice(before).includes(': beat'));
    expect(followed.text().slice(before)).not.toContain('event:');
    await client('manager').send('PATCH', `/api/v1/accounts/${json.user.id}`, { disabled: true });
    await followed.ended;
    expect(subscriptionId).toBeGreaterThan(0);
  });

  it('changed nothing of the other unit', async () => {
    const { db } = running.platform.context.database;
    for (const table of confinedTables) {
      const { rows } = await sql<{
        text: string;
      }>`select to_jsonb(whole)::text as text from ${sql.table(table)} whole`.execute(db);
      if (['appliance', 'scan', 'asset', 'detection', 'service'].includes(table)) {
        expect([table, rows.some((row) => row.text.includes(foreign.canary))]).toEqual([table, true]);
      }
    }
    const { rows } = await sql<{ status: string; state: string; disabled: boolean }>`
      select scan.status, appliance.state, account.disabled from scan, appliance, account
      where scan.id = ${foreign.scan} and appliance.id = ${foreign.appliance} and account.id = ${foreign.account}`.execute(
      db,
    );
    expect(rows).toEqual([{ status: 'running', state: 'active', disabled: false }]);
  });

  /** An open event stream. */
  async function follow(who: Role, path: string) {
    const { platform } = running;
    const { cookie } = client(who);
    const sent = httpsRequest({
      host: 'localhost',
      servername: 'localhost',
      family: 4,
      port: platform.port,
      path,
      agent: false,
      ca: platform.caPem ?? undefined,
      headers: { cookie: cookie ?? '' },
    });
    sent.end();
    const [answer] = await once(sent, 'response');
    let text = '';
    let look = () => {};
    answer.setEncoding('utf8');
    answer.on('data', (part: string) => {
      text += part;
      look();
    });
    return {
      text: () => text,
      ended: once(answer, 'end'),
      until: (holds: (text: string) => boolean) =>
        new Promise<void>((resolve) => {
          look = () => {
            if (holds(text)) resolve();
          };
          look();
        }),
    };
  }
});
