import { silentLog } from '@picket/base/log';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from './embedded/embedded-database.ts';
import { migrate, readMigrations } from './migrate.ts';
import { openServer } from './server/server-database.ts';
import { canRun, type DatabaseKind, databaseKinds, withDatabase } from './testing.ts';

type Rows = readonly Record<string, unknown>[];

/** Brings an empty database to just before the step `name`, fills it, takes that step, and reads. */
async function across(kind: DatabaseKind, name: string, fill: string, read: string): Promise<Rows> {
  let rows: Rows = [];
  await withDatabase(kind, async (_database, config) => {
    const backend = config.kind === 'embedded' ? await openEmbedded(config, silentLog) : openServer(config, silentLog);
    const { source } = backend;
    try {
      const released = await readMigrations();
      const session = await source.acquire();
      await session.script('drop schema public cascade; create schema public');
      session.release(false);
      await migrate(
        source,
        released.filter((step) => step.name < name),
      );
      const filler = await source.acquire();
      await filler.script(fill);
      filler.release(false);
      await migrate(source, released);
      const reader = await source.acquire();
      ({ rows } = await reader.query(read, []));
      reader.release(false);
    } finally {
      await source.close();
    }
  });
  return rows;
}

describe.each(databaseKinds)('a database with people and jobs in it, %s', (kind) => {
  const people = `
    insert into subscription (id, name) values (7, 'own');
    insert into account (subscription_id, login, name, role, password_hash) values
      (7, 'boss', 'Boss', 'manager', ''), (7, 'unit', 'Unit', 'unit-manager', ''), (7, 'eye', 'Eye', 'reader', '');`;

  it.skipIf(!canRun(kind))('lets everybody who was there see everything when asset groups come', async () => {
    const read = `select account.login, asset_group.name, asset_group.covers_all from account
      left join asset_group_account given on given.subscription_id = account.subscription_id and given.account_id = account.id
      left join asset_group on asset_group.subscription_id = given.subscription_id and asset_group.id = given.asset_group_id order by login`;
    expect(await across(kind, '0015-access.sql', people, read)).toEqual([
      { login: 'boss', name: null, covers_all: null },
      { login: 'eye', name: 'All', covers_all: true },
      { login: 'unit', name: 'All', covers_all: true },
    ]);
  });

  it.skipIf(!canRun(kind))('finds the addresses of its jobs in their plans', async () => {
    const ranges = ['10.0.0.0/24', '10.0.1.7', '10.0.2.5-10.0.2.9', '2001:db8::/64', '2001:db8:1::5'];
    const fill = `${people}
      insert into network (subscription_id, id, name) values (7, 70, 'office');
      insert into scan (subscription_id, kind, title, status, network_id, request, plan, created_by)
      values (7, 'map', 'old', 'finished', 70, '{}', '${JSON.stringify({ ranges })}', 'boss');`;
    const read =
      'select host(first_address) as first, host(last_address) as last from scan_range order by first_address';
    expect(await across(kind, '0015-access.sql', fill, read)).toEqual([
      { first: '10.0.0.0', last: '10.0.0.255' },
      { first: '10.0.1.7', last: '10.0.1.7' },
      { first: '10.0.2.5', last: '10.0.2.9' },
      { first: '2001:db8::', last: '2001:db8::ffff:ffff:ffff:ffff' },
      { first: '2001:db8:1::5', last: '2001:db8:1::5' },
    ]);
  });
});
