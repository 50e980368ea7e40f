import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Log } from '@picket/base/log';
import { describe, expect, it } from 'vitest';
import { readCheckInfo } from '../../server/check-info.ts';
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

  it.skipIf(!canRun(kind))('reads the same from the cache of templates, workflows with their parts too', () =>
    withDatabase(kind, async (database) => {
      const subscriptionId = await insertSubscription(database);
      const directory = await mkdtemp(join(tmpdir(), 'picket-templates-'));
      const head = (id: string) => `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\n`;
      await writeFile(join(directory, 'flow.yaml'), `${head('flow')}workflows:\n  - template: part.yaml\n`);
      await writeFile(
        join(directory, 'part.yaml'),
        `${head('part')}http:\n  - path: ["{{BaseURL}}/"]\n    matchers:\n      - type: status\n        status: [200]\n# digest: 4a0a00473045:922c6459\n`,
      );
      await writeFile(join(directory, 'lost.yaml'), `${head('lost')}workflows:\n  - template: gone.yaml\n`);
      const load = async () => {
        const events: string[] = [];
        const context = { database, subscriptionId, log: keepingLog(events) };
        const cache = join(directory, '.cache');
        const summary = await loadContentCatalogue(context, shippedContentDirectory, [directory], cache);
        const rows = await database.db.selectFrom('check_info').select(['id', 'info']).orderBy('id').execute();
        return { checks: summary.checks, events, rows };
      };
      const compiled = await load();
      expect(compiled.events).toEqual(['content.check-refused']);
      expect(compiled.rows.map(({ id }) => id)).toEqual(expect.arrayContaining(['flow', 'part']));
      expect(compiled.rows.find(({ id }) => id === 'part')?.info).toMatchObject({ signature: 'unverified' });
      expect(await readdir(join(directory, '.cache'))).toHaveLength(4);
      expect(await load()).toEqual(compiled);
      await rm(directory, { recursive: true });
    }),
  );

  it.skipIf(!canRun(kind))('lists the templates of further folders with their origin, and what is unverified', () =>
    withDatabase(kind, async (database) => {
      const subscriptionId = await insertSubscription(database);
      const directory = await mkdtemp(join(tmpdir(), 'picket-templates-'));
      const template = (id: string) =>
        `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\nhttp:\n  - method: PUT\n    path: ["{{BaseURL}}/"]\n    matchers:\n      - type: status\n        status: [200]\n`;
      await writeFile(
        join(directory, 'a.yaml'),
        `${template('a')}# digest: 4a0a00473045022100fd5d05fc:922c64590222798b\n`,
      );
      await writeFile(join(directory, 'b.yaml'), template('redis-unauthenticated'));
      const events: string[] = [];
      const context = { database, subscriptionId, log: keepingLog(events) };
      const shipped = await loadContentCatalogue(context, shippedContentDirectory);
      const both = await loadContentCatalogue(context, shippedContentDirectory, [directory, '/nonexistent']);
      expect(both.checks).toBe(shipped.checks + 1);
      expect(events).toEqual(['content.check-refused', 'content.folder-unreadable']);
      const scope = {
        subscriptionId,
        accountId: 1,
        role: 'manager',
        login: 'm',
        unitId: null,
        sight: 'everything',
      } as const;
      expect(await readCheckInfo(scope, database.db, 'a')).toMatchObject({
        origin: basename(directory),
        signature: 'unverified',
        intrusive: true,
        intrusiveReasons: ['uses PUT'],
      });
      expect(await readCheckInfo(scope, database.db, 'redis-unauthenticated')).toMatchObject({
        origin: 'picket',
        signature: 'none',
      });
      await rm(directory, { recursive: true });
    }),
  );
});
