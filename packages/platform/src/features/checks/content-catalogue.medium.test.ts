import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@picket/base/log';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../storage/database.ts';
import { canRun, databaseKinds, insertSubscription, withDatabase } from '../../storage/testing.ts';
import { loadContentCatalogue, shippedContentDirectory } from './content-catalogue.ts';

/** Keeps the events it is given. */
function keepingLog(events: string[]): Log {
  const log: Log = { write: (_level, event) => void events.push(event), with: () => log };
  return log;
}

async function numbersOf({ db }: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('check_info').select(['id', 'number']).execute();
  return new Map(rows.map((row) => [row.id, row.number]));
}

describe.each(databaseKinds)('the catalogue of content, %s', (kind) => {
  it.skipIf(!canRun(kind))('takes over every check that is shipped, twice with the same numbers', () =>
    withDatabase(kind, async (database) => {
      const subscriptionId = await insertSubscription(database);
      const events: string[] = [];
      const context = { database, subscriptionId, log: keepingLog(events) };
      const first = await loadContentCatalogue(context, shippedContentDirectory);
      expect(events).toEqual([]);
      expect(first.checks).toBeGreaterThan(0);
      expect(first.version).toMatch(/^\d{8}\.\d+$/);
      const numbers = await numbersOf(database);
      expect(numbers.size).toBe(first.checks);
      expect(new Set(numbers.values()).size).toBe(first.checks);
      expect(await loadContentCatalogue(context, shippedContentDirectory)).toEqual(first);
      expect(await numbersOf(database)).toEqual(numbers);
    }),
  );

  it.skipIf(!canRun(kind))(
    'leaves a broken check out, names it in the log, and numbers checks of other publishers',
    () =>
      withDatabase(kind, async (database) => {
        const subscriptionId = await insertSubscription(database);
        const directory = await mkdtemp(join(tmpdir(), 'picket-content-'));
        await mkdir(join(directory, 'checks'));
        const shipped = await readFile(
          join(shippedContentDirectory, 'checks/databases/redis-unauthenticated.yaml'),
          'utf8',
        );
        const foreign = shipped.replace(/^id: .*$/m, 'id: other').replace(/^\s*picket-number:.*\n/m, '');
        await writeFile(join(directory, 'checks/other.yaml'), foreign);
        await writeFile(join(directory, 'checks/broken.yaml'), 'id: [');
        const events: string[] = [];
        const summary = await loadContentCatalogue({ database, subscriptionId, log: keepingLog(events) }, directory);
        expect(summary).toEqual({ version: 'none', checks: 1, fingerprints: 0 });
        expect(events).toEqual(['content.manifest-unreadable', 'content.check-refused']);
        expect(await numbersOf(database)).toEqual(new Map([['other', 1_000_000]]));
        await rm(directory, { recursive: true });
      }),
  );
});
