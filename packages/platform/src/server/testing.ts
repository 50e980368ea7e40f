import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { type Log, silentLog } from '@picket/base/log';
import type { Role } from '@picket/contracts/api/session';
import { sql } from 'kysely';
import { type Platform, startPlatform } from '../start-platform.ts';
import { openDatabase } from '../storage/database.ts';
import { type DatabaseKind, embeddedTemplate, withDatabase } from '../storage/testing.ts';
import { type PlatformConfigInput, platformConfigSchema } from './config.ts';
import { hashPassword } from './password.ts';

/** An answer, read whole. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** The JSON body; null when there is none. Tests say what they expect of it. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers of every shape
  readonly json: any;
}

/** A browser's view of the platform: real HTTPS on loopback, the own CA verified, one cookie jar. */
export interface TestClient {
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TestAnswer>;
  cookie: string | null;
  csrf: string | null;
}

export interface TestPlatform {
  readonly platform: Platform;
  readonly directory: string;
  client(): TestClient;
  /** A client signed in as somebody of this role, past the first password and the terms. */
  signedIn(role: Role): Promise<TestClient>;
  close(): Promise<void>;
}

export interface TestPlatformOptions {
  readonly log?: Log;
  readonly clock?: Clock;
  readonly config?: PlatformConfigInput;
  readonly kind?: DatabaseKind;
}

/** A whole platform on a free loopback port with a database in memory. Close it. */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const directory = await mkdtemp(join(tmpdir(), 'picket-platform-'));
  const log = options.log ?? silentLog;
  const config = platformConfigSchema.parse({ dataDirectory: directory, port: 0, ...options.config });
  const memory = { kind: 'embedded' as const, directory: null, template: await embeddedTemplate() };
  const deps = { clock: options.clock ?? systemClock, random: systemRandom, log };
  const database = config.databaseUrl === null ? { database: await openDatabase(memory, log) } : {};
  const platform = await startPlatform(config, { ...deps, ...database });
  const client = () => testClient(platform);
  return {
    platform,
    directory,
    client,
    signedIn: (role) => signedIn(platform, client(), role),
    close: async () => {
      await platform.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The same on either kind of database, closed afterwards. */
export async function withTestPlatform(
  kind: DatabaseKind,
  test: (running: TestPlatform) => Promise<void>,
  options: TestPlatformOptions = {},
): Promise<void> {
  const run = async (config: PlatformConfigInput) => {
    const running = await startTestPlatform({ ...options, config: { ...options.config, ...config } });
    try {
      await test(running);
    } finally {
      await running.close();
    }
  };
  if (kind === 'embedded') return run({});
  await withDatabase('server', async (_database, config) => {
    if (config.kind === 'server') await run({ databaseUrl: config.url.reveal() });
  });
}

export const testPassword = 'correct horse battery';

async function signedIn(platform: Platform, client: TestClient, role: Role): Promise<TestClient> {
  const { database, random, subscriptionId } = platform.context;
  const login = `${role}-${random.uuid().slice(0, 8)}`;
  await database.db
    .insertInto('account')
    .values({
      subscription_id: subscriptionId,
      login,
      name: role,
      role,
      password_hash: await hashPassword(testPassword, random),
      password_change_needed: false,
    })
    .execute();
  if (role !== 'manager' && role !== 'auditor') await giveAll(platform, login);
  await signIn(client, login, testPassword);
  const { json } = await client.send('GET', '/api/v1/terms');
  await client.send('POST', '/api/v1/session/terms', { version: json.version });
  return client;
}

/** The group All, so that the account sees everything. Tests of confinement take it away again. */
async function giveAll({ context }: Platform, login: string): Promise<void> {
  await sql`
    insert into asset_group_account (subscription_id, asset_group_id, account_id)
    select account.subscription_id, asset_group.id, account.id from account
    join asset_group on asset_group.subscription_id = account.subscription_id and asset_group.covers_all
    where account.login = ${login}`.execute(context.database.db);
}

/** Signs in and keeps cookie and token. */
export async function signIn(client: TestClient, login: string, password: string): Promise<TestAnswer> {
  const answer = await client.send('POST', '/api/v1/session', { login, password });
  if (answer.status === 200) client.csrf = answer.json.csrfToken;
  return answer;
}

function testClient(platform: Platform): TestClient {
  const client: TestClient = {
    cookie: null,
    csrf: null,
    async send(method, path, body, headers = {}) {
      const answer = await exchange(
        platform,
        { method, path, body },
        {
          ...(client.cookie === null ? {} : { cookie: client.cookie }),
          ...(client.csrf === null || method === 'GET' ? {} : { 'x-picket-csrf': client.csrf }),
          ...headers,
        },
      );
      const [set] = [answer.headers['set-cookie']].flat();
      if (set !== undefined) client.cookie = set.split(';')[0] ?? null;
      return answer;
    },
  };
  return client;
}

function exchange(
  platform: Platform,
  call: { readonly method: string; readonly path: string; readonly body: unknown },
  headers: Readonly<Record<string, string>>,
): Promise<TestAnswer> {
  const payload =
    call.body === undefined ? null : typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: 'localhost',
        port: platform.port,
        servername: 'localhost',
        family: 4,
        method: call.method,
        path: call.path,
        ca: platform.caPem ?? undefined,
        agent: false,
        headers: { ...(payload === null ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const json = /[/+]json\b/.test(answer.headers['content-type'] ?? '') && text !== '' ? JSON.parse(text) : null;
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
        });
      },
    );
    sent.on('error', reject);
    sent.end(payload);
  });
}
