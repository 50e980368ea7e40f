import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@picket/base/log';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { startTestPlatform } from '../server/testing.ts';
import { openDatabase } from './database.ts';
import { startPostgres } from './server/testing-postgres.ts';
import { canRun, embeddedTemplate, insertSubscription } from './testing.ts';

describe.skipIf(!canRun('server'))('a PostgreSQL server that goes away and comes back', () => {
  it('costs 503 with Retry-After meanwhile, no sessions, no crash, and subscriptions are told', async () => {
    const server = await startPostgres();
    await server.administer('create database picket');
    const running = await startTestPlatform({ config: { databaseUrl: server.url('picket') } });
    try {
      const { database } = running.platform.context;
      const manager = await running.signedIn('manager');
      const told = Promise.withResolvers<void>();
      const again = Promise.withResolvers<void>();
      await database.listen('restart', (payload) => (payload === null ? told.resolve() : again.resolve()));
      await server.crash();
      const refused = await manager.send('GET', '/api/v1/overview');
      expect(refused).toMatchObject({ status: 503, json: { code: 'storage.unavailable' } });
      expect(refused.headers['retry-after']).toBe('5');
      expect(refused.text).not.toMatch(/ECONN|127\.0\.0\.1|password/);
      expect(await manager.send('GET', '/healthz')).toMatchObject({ status: 503, json: { status: 'unavailable' } });
      expect((await manager.send('GET', '/api/v1/terms')).status).toBe(200);
      await server.start();
      await told.promise;
      expect((await manager.send('GET', '/api/v1/overview')).status).toBe(200);
      expect((await manager.send('GET', '/healthz')).status).toBe(200);
      await database.notify('restart', 'back');
      await again.promise;
    } finally {
      await running.close();
      await server.stop();
    }
  });
});

describe('the embedded database', () => {
  it('keeps its data over a close, and refuses a second opening of its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'picket-embedded-'));
    const config = { kind: 'embedded', directory: join(folder, 'db') } as const;
    const first = await openDatabase(config, silentLog);
    await insertSubscription(first, 'kept');
    await expect(openDatabase(config, silentLog)).rejects.toMatchObject({ code: 'storage.directory-locked' });
    await first.close();
    const second = await openDatabase(config, silentLog);
    expect(await second.db.selectFrom('subscription').select('name').execute()).toEqual([{ name: 'kept' }]);
    await second.close();
    await rm(folder, { recursive: true });
  });

  it('closes within its deadline while a statement blocks it', async () => {
    const database = await openDatabase(
      { kind: 'embedded', directory: null, template: await embeddedTemplate() },
      silentLog,
    );
    const running = Promise.withResolvers<void>();
    const blocked = database
      .transaction(async (trx) => {
        await sql`select 1`.execute(trx);
        running.resolve();
        await sql`select count(*) from generate_series(1, 100000000000)`.execute(trx);
      })
      .catch((error: unknown) => error);
    await running.promise;
    // One turn of the event loop: the statement is with the thread now.
    await new Promise((resolve) => setImmediate(resolve));
    const start = performance.now();
    await database.close();
    expect(performance.now() - start).toBeLessThan(4000);
    expect(await blocked).toMatchObject({ code: 'storage.unavailable' });
  });
});
