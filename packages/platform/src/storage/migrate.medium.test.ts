import { silentLog } from '@picket/base/log';
import { describe, expect, it } from 'vitest';
import type { DatabaseBackend } from './database.ts';
import { openEmbedded } from './embedded/embedded-database.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';
import { openServer } from './server/server-database.ts';
import { canRun, databaseKinds, type DatabaseKind, withDatabase } from './testing.ts';

/** A migrated database, below Kysely. */
async function withBackend(kind: DatabaseKind, test: (backend: DatabaseBackend) => Promise<void>): Promise<void> {
  await withDatabase(kind, async (_database, config) => {
    const backend = config.kind === 'embedded' ? await openEmbedded(config, silentLog) : openServer(config, silentLog);
    try {
      await test(backend);
    } finally {
      await backend.source.close();
    }
  });
}

const step = (name: string, sql: string, sha256 = name): Migration => ({ name, sql, sha256 });

describe.each(databaseKinds)('migrations, %s', (kind) => {
  it.skipIf(!canRun(kind))('run once, in order, all or none', () =>
    withBackend(kind, async ({ source }) => {
      const released = await readMigrations();
      expect(await migrate(source, released)).toEqual([]);
      const good = step('9001-a.sql', 'create table a (id integer); insert into a values (1);');
      const bad = step('9002-b.sql', 'create table b (id integer); select no_such_function();');
      await expect(migrate(source, [...released, good, bad])).rejects.toThrow('no_such_function');
      expect(await migrate(source, [...released, good])).toEqual(['9001-a.sql']);
      expect(await migrate(source, [...released, good])).toEqual([]);
    }),
  );

  it.skipIf(!canRun(kind))('refuse a released step that was edited, and a database of a newer version', () =>
    withBackend(kind, async ({ source }) => {
      const released = await readMigrations();
      const edited = released.map((one) => ({ ...one, sha256: 'other' }));
      await expect(migrate(source, edited)).rejects.toMatchObject({ code: 'storage.migration-edited' });
      await expect(migrate(source, [])).rejects.toMatchObject({ code: 'storage.database-newer' });
      expect(await migrate(source, released)).toEqual([]);
    }),
  );
});
