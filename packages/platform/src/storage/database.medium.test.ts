import { PicketError } from '@picket/base/error';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { isForeignKeyViolation, isUniqueViolation } from './storage-error.ts';
import { canRun, databaseKinds, insertSubscription, withDatabase } from './testing.ts';

describe.each(databaseKinds)('storage, %s', (kind) => {
  it.skipIf(!canRun(kind))(
    'gives values back as the schema says: ids as numbers, addresses as canonical text, times exact to the millisecond',
    () =>
      withDatabase(kind, async ({ db }) => {
        const subscription = await db
          .insertInto('subscription')
          .values({ name: 'a' })
          .returningAll()
          .executeTakeFirstOrThrow();
        expect(subscription.id).toBe(1);
        expect(subscription.created_at).toBeInstanceOf(Date);
        const network = await db
          .insertInto('network')
          .values({ subscription_id: 1, name: 'n' })
          .returning('id')
          .executeTakeFirstOrThrow();
        const at = new Date('2026-11-21T05:06:07.089Z');
        for (const address of ['10.0.0.1', '::1', '2001:db8:0:1:1:1:1:1', '2001:db8::1', 'fe80::a:0:0:b']) {
          const asset = await db
            .insertInto('asset')
            .values({
              subscription_id: 1,
              network_id: network.id,
              address,
              names: JSON.stringify([{ name: 'x', source: 'dns' }]),
              first_seen: at,
              last_seen: at,
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          expect(asset.address).toBe(address);
          expect(asset.first_seen).toEqual(at);
          expect(asset.names).toEqual([{ name: 'x', source: 'dns' }]);
          expect(asset.public_id).toMatch(/^[0-9a-f-]{36}$/);
        }
        const hash = new Uint8Array([0, 1, 255, 128]);
        const code = await db
          .insertInto('pending_device')
          .values({
            key_id: 'k',
            public_key: 'p',
            code_hash: hash,
            code_salt: hash,
            facts: '{}',
            expires_at: at,
          })
          .returning('code_hash')
          .executeTakeFirstOrThrow();
        expect(new Uint8Array(code.code_hash)).toEqual(hash);
      }),
  );

  it.skipIf(!canRun(kind))('refuses an integer that a number cannot hold instead of rounding it', () =>
    withDatabase(kind, async ({ db }) => {
      await expect(sql`select 9007199254740993::bigint as big`.execute(db)).rejects.toThrow(/larger than 2\^53/);
      expect((await sql<{ big: number }>`select 9007199254740991::bigint as big`.execute(db)).rows[0]?.big).toBe(
        Number.MAX_SAFE_INTEGER,
      );
    }),
  );

  it.skipIf(!canRun(kind))('passes arrays for unnest and counts the rows that a statement touched', () =>
    withDatabase(kind, async ({ db }) => {
      const result = await sql`
        insert into subscription (name) select * from unnest(${['a', 'b', 'c']}::text[])`.execute(db);
      expect(result.numAffectedRows).toBe(3n);
      const updated = await db
        .updateTable('subscription')
        .set({ name: 'z' })
        .where('id', 'in', [1, 2])
        .executeTakeFirst();
      expect(updated.numUpdatedRows).toBe(2n);
    }),
  );

  it.skipIf(!canRun(kind))('names the constraint that refused a row, and shows neither SQL nor source code', () =>
    withDatabase(kind, async (database) => {
      const id = await insertSubscription(database);
      const insert = () => database.db.insertInto('network').values({ subscription_id: id, name: 'Office' }).execute();
      await insert();
      const error: unknown = await insert().catch((reason: unknown) => reason);
      expect(isUniqueViolation(error, 'network_name')).toBe(true);
      expect(isUniqueViolation(error, 'other')).toBe(false);
      expect(error instanceof PicketError && error.message).toBe(
        'duplicate key value violates unique constraint "network_name" (SQLSTATE 23505)',
      );
      const orphan: unknown = await database.db
        .insertInto('network_range')
        .values({
          subscription_id: id,
          network_id: 99,
          kind: 'range',
          first_address: '10.0.0.0',
          last_address: '10.0.0.1',
        })
        .execute()
        .catch((reason: unknown) => reason);
      expect(isForeignKeyViolation(orphan)).toBe(true);
    }),
  );

  it.skipIf(!canRun(kind))('undoes a transaction that fails and keeps one that ends', () =>
    withDatabase(kind, async (database) => {
      await expect(
        database.transaction(async (trx) => {
          await trx.insertInto('subscription').values({ name: 'lost' }).execute();
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      await database.transaction((trx) => trx.insertInto('subscription').values({ name: 'kept' }).execute());
      expect(await database.db.selectFrom('subscription').select('name').execute()).toEqual([{ name: 'kept' }]);
    }),
  );

  it.skipIf(!canRun(kind))('runs a transaction again after a serialization failure', () =>
    withDatabase(kind, async (database) => {
      let runs = 0;
      const value = await database.transaction(async (trx) => {
        runs++;
        if (runs < 3) await sql`do $$ begin raise exception 'met' using errcode = '40001'; end $$`.execute(trx);
        return runs;
      });
      expect(value).toBe(3);
    }),
  );

  it.skipIf(!canRun(kind))('refuses a query outside the transaction inside it, which would wait for itself', () =>
    withDatabase(kind, async (database) => {
      await expect(
        database.transaction(async () => database.db.selectFrom('subscription').selectAll().execute()),
      ).rejects.toMatchObject({ code: 'storage.nested-connection' });
      await insertSubscription(database);
    }),
  );

  it.skipIf(!canRun(kind))('keeps other callers out of an open transaction', () =>
    withDatabase(kind, async (database) => {
      const inside = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const first = database.transaction(async (trx) => {
        await trx.insertInto('subscription').values({ name: 'first' }).execute();
        inside.resolve();
        await go.promise;
        throw new Error('undone');
      });
      await inside.promise;
      const second = insertSubscription(database, 'second');
      go.resolve();
      await expect(first).rejects.toThrow('undone');
      await second;
      expect(await database.db.selectFrom('subscription').select('name').execute()).toEqual([{ name: 'second' }]);
    }),
  );

  it.skipIf(!canRun(kind))('delivers notifications at commit, not before and not after a rollback', () =>
    withDatabase(kind, async (database) => {
      const received: (string | null)[] = [];
      const arrived = Promise.withResolvers<void>();
      const stop = await database.listen('some "channel"', (payload) => {
        received.push(payload);
        if (payload === 'end') arrived.resolve();
      });
      await database
        .transaction(async (trx) => {
          await database.notify('some "channel"', 'rolled back', trx);
          throw new Error('no');
        })
        .catch(() => {});
      await database.transaction((trx) => database.notify('some "channel"', 'committed', trx));
      await database.notify('other', 'elsewhere');
      await database.notify('some "channel"', 'end');
      await arrived.promise;
      expect(received).toEqual(['committed', 'end']);
      await stop();
    }),
  );

  it.skipIf(!canRun(kind))('names its version, and what to know about this kind', () =>
    withDatabase(kind, async (database) => {
      expect(database.version).toMatch(/^PostgreSQL 1[5-9]/);
      expect(database.warning === null).toBe(kind === 'server');
    }),
  );
});
