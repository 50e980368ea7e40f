import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PicketError } from '@picket/base/error';
import type { DatabaseSession, SessionSource } from './session-source.ts';

/** One step of the schema: a file of SQL, applied once, in the order of names, never edited after release. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** Reads `migrations/*.sql`. */
export async function readMigrations(
  directory = join(import.meta.dirname, 'migrations'),
): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Key of the advisory lock: replicas that start together migrate one after another. */
const lockKey = 0x7069636b;

/**
 * Brings the database to the newest level in one transaction and returns the names applied now. Refuses a database in
 * which an applied step differs from its file, and one that holds steps this program does not know.
 */
export async function migrate(source: SessionSource, migrations: readonly Migration[]): Promise<readonly string[]> {
  const session = await source.acquire();
  let broken = true;
  try {
    await session.query('start transaction', []);
    const applied = await applyPending(session, migrations);
    await session.query('commit', []);
    broken = false;
    return applied;
  } catch (error) {
    broken = await session.query('rollback', []).then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    session.release(broken);
  }
}

async function applyPending(session: DatabaseSession, migrations: readonly Migration[]): Promise<readonly string[]> {
  await session.query('select pg_advisory_xact_lock($1)', [lockKey]);
  await session.query(
    'create table if not exists schema_migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    [],
  );
  const { rows } = await session.query('select name, sha256 from schema_migration', []);
  const known = new Map(rows.map((row) => [String(row.name), String(row.sha256)]));
  refuseForeign(known, migrations);
  const applied: string[] = [];
  for (const migration of migrations) {
    if (known.has(migration.name)) continue;
    await session.script(migration.sql);
    await session.query('insert into schema_migration (name, sha256) values ($1, $2)', [
      migration.name,
      migration.sha256,
    ]);
    applied.push(migration.name);
  }
  return applied;
}

function refuseForeign(known: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const files = new Map(migrations.map((migration) => [migration.name, migration.sha256]));
  for (const [name, sha256] of known) {
    const file = files.get(name);
    if (file === undefined) {
      throw new PicketError({
        code: 'storage.database-newer',
        kind: 'user',
        message: `The database holds the schema step ${name}, which this version of Picket does not know.`,
        hint: 'Start the newer version that made it, or use another database.',
      });
    }
    if (file !== sha256) {
      throw new PicketError({
        code: 'storage.migration-edited',
        kind: 'user',
        message: `The schema step ${name} was changed after it had been applied to this database.`,
        hint: 'Restore the file as released and put the change into a new step.',
      });
    }
  }
}
