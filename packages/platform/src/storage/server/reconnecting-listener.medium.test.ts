import { silentLog, type Log } from '@picket/base/log';
import { Secret } from '@picket/base/secret';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { canRun, withDatabase } from '../testing.ts';
import { type DatabaseRelay, startRelay } from './testing-relay.ts';

/** Ends the connection that listens, as an administrator or a failover would. */
const endListener = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'picket listener'`;

/** A database, its URL, and a connection of its own. */
async function withTwo(test: (there: Database, url: string, other: pg.Client) => Promise<void>) {
  await withDatabase('server', async (there, config) => {
    if (config.kind !== 'server') return;
    const url = config.url.reveal();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      await test(there, url, other);
    } finally {
      await other.end();
    }
  });
}

async function behindRelay(url: string, test: (database: Database, relay: DatabaseRelay) => Promise<void>) {
  const relay = await startRelay(url);
  const database = await openDatabase({ kind: 'server', url: new Secret(relay.url) }, silentLog);
  try {
    await test(database, relay);
  } finally {
    await database.close();
    await relay.close();
  }
}

/** Tells when something was logged under this name. */
function logTelling(event: string, told: () => void): Log {
  return { ...silentLog, write: (_level, name) => void (name === event && told()) };
}

describe.skipIf(!canRun('server'))('the connection that listens', () => {
  it('comes back after it was ended, and says that something may have been missed', () =>
    withTwo(async (there, _url, other) => {
      const missed = Promise.withResolvers<void>();
      const heard = Promise.withResolvers<void>();
      await there.listen('news', (payload) => (payload === null ? missed.resolve() : heard.resolve()));
      await other.query(endListener);
      await missed.promise;
      await other.query(`notify news, 'later'`);
      await heard.promise;
    }));

  it('says so again and again while it cannot come back, as long as the database answers otherwise', () =>
    withTwo((_there, url) =>
      behindRelay(url, async (database, relay) => {
        const times = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        const all = times.map(({ promise }) => promise);
        await database.listen('news', () => times.shift()?.resolve());
        relay.refuseListeners();
        await Promise.all(all);
      }),
    ));

  it('is given up when it stays open and gives no sign of life', () =>
    withTwo((_there, url, other) =>
      behindRelay(url, async (database, relay) => {
        const missed = Promise.withResolvers<void>();
        const heard = Promise.withResolvers<void>();
        await database.listen('news', (payload) => (payload === null ? missed.resolve() : heard.resolve()));
        relay.silenceListeners();
        await missed.promise;
        await other.query(`notify news, 'later'`);
        await heard.promise;
      }),
    ));

  it('says so to those who listened before, although somebody else begins while it is away', () =>
    withTwo(async (_there, url, other) => {
      const lost = Promise.withResolvers<void>();
      const log = logTelling('storage.listener-lost', lost.resolve);
      const database = await openDatabase({ kind: 'server', url: new Secret(url) }, log);
      try {
        const missed = Promise.withResolvers<void>();
        const heard: string[] = [];
        const both = Promise.withResolvers<void>();
        const hear = (channel: string) => (payload: string | null) => {
          if (payload !== null && heard.push(`${channel} ${payload}`) === 3) both.resolve();
        };
        await database.listen('first', (payload) => (payload === null ? missed.resolve() : hear('first')(payload)));
        await other.query(endListener);
        await lost.promise;
        await database.listen('second', hear('second'));
        await missed.promise;
        await other.query(`notify first, 'one'`);
        await other.query(`notify second, 'two'`);
        await other.query(`notify first, 'three'`);
        await both.promise;
        // Each once: nothing listens twice.
        expect(heard).toEqual(['first one', 'second two', 'first three']);
      } finally {
        await database.close();
      }
    }));
});
