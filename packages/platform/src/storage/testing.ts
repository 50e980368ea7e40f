import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRandom } from '@picket/base/adapters/system';
import { type Log, silentLog } from '@picket/base/log';
import { Secret } from '@picket/base/secret';
import { type Database, type DatabaseConfig, openDatabase } from './database.ts';
import { startWorker } from './embedded/worker-client.ts';
import { readMigrations, migrate } from './migrate.ts';
import { canRunPostgres, type PostgresServer, startPostgres } from './server/testing-postgres.ts';

export type DatabaseKind = 'embedded' | 'server';

/** Kinds that can run here. Where the server can't (not root, not Debian), say so with `describe.skipIf(!canRun('server'))`. */
export function canRun(kind: DatabaseKind): boolean {
  return kind === 'embedded' || canRunPostgres();
}

/** Both kinds, for `describe.each`. */
export const databaseKinds: readonly DatabaseKind[] = ['embedded', 'server'];

/** A fresh, migrated database of its own for one test, removed afterwards. */
export async function withDatabase(
  kind: DatabaseKind,
  test: (database: Database, config: DatabaseConfig) => Promise<void>,
  log: Log = silentLog,
): Promise<void> {
  const fresh = kind === 'embedded' ? await freshEmbedded() : await freshOnServer();
  const database = await openDatabase(fresh.config, log);
  try {
    await test(database, fresh.config);
  } finally {
    await database.close();
    await fresh.remove();
  }
}

interface Fresh {
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

/** In memory, cloned from a migrated template that is made once for each state of the migrations. */
async function freshEmbedded(): Promise<Fresh> {
  return { config: { kind: 'embedded', directory: null, template: await embeddedTemplate() }, remove: async () => {} };
}

let template: Promise<string> | null = null;

/** Path of the template: a tar file in the cache folder of the workspace, named by the hash of all migrations. */
export function embeddedTemplate(): Promise<string> {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate(): Promise<string> {
  const migrations = await readMigrations();
  const hash = createHash('sha256')
    .update(migrations.map((step) => step.sha256).join())
    .digest('hex')
    .slice(0, 16);
  const folder = join(import.meta.dirname, '../../../../node_modules/.cache/picket-storage');
  const path = join(folder, `${hash}.tar`);
  if (existsSync(path)) return path;
  const client = await startWorker({ directory: null, template: null }, () => {}, silentLog);
  const session = { query: client.query, script: client.script, release: () => {} };
  await migrate({ acquire: async () => session, close: async () => {} }, migrations);
  const tar = await client.dump();
  await client.close();
  await mkdir(folder, { recursive: true });
  const unfinished = `${path}.${systemRandom.uuid()}`;
  await writeFile(unfinished, tar);
  await rename(unfinished, path);
  return path;
}

let server: Promise<PostgresServer> | null = null;

/** The PostgreSQL server of this test process: started at first use, stopped when the process ends. */
export function testServer(): Promise<PostgresServer> {
  server ??= startPostgres();
  return server;
}

async function freshOnServer(): Promise<Fresh> {
  const running = await testServer();
  const name = `test_${systemRandom.uuid().replaceAll('-', '')}`;
  await running.administer(`create database ${name}`);
  return {
    config: { kind: 'server', url: new Secret(running.url(name)), maxConnections: 5 },
    remove: () => running.administer(`drop database ${name} with (force)`),
  };
}

/** A subscription to own the rows of a test. */
export async function insertSubscription(database: Database, name = 'test'): Promise<number> {
  const row = await database.db.insertInto('subscription').values({ name }).returning('id').executeTakeFirstOrThrow();
  return row.id;
}
