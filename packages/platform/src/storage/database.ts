import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@picket/base/log';
import { PicketError } from '@picket/base/error';
import type { Secret } from '@picket/base/secret';
import { type IsolationLevel, Kysely, type Transaction } from 'kysely';
import { sessionDialect, insideTransaction } from './dialect.ts';
import { openEmbedded } from './embedded/embedded-database.ts';
import { migrate, readMigrations } from './migrate.ts';
import { type Listener, type NotificationHandler, notify } from './notifications.ts';
import type { Schema } from './schema.ts';
import { openServer } from './server/server-database.ts';
import type { SessionSource } from './session-source.ts';

export type DatabaseConfig =
  | {
      readonly kind: 'embedded';
      /** Folder of its own for the files; null: in memory. */
      readonly directory: string | null;
      /** A tar file of a data directory to start from (tests). */
      readonly template?: string;
    }
  | {
      readonly kind: 'server';
      /** `postgres://…`; holds a password. */
      readonly url: Secret;
      /** Default 10. */
      readonly maxConnections?: number;
    };

export interface TransactionOptions {
  readonly isolation?: IsolationLevel;
}

/** The platform's storage. Everything it throws is a `PicketError` (`storage-error.ts`). */
export interface Database {
  readonly db: Kysely<Schema>;
  readonly kind: 'embedded' | 'server';
  /** E.g. `PostgreSQL 15.18`. */
  readonly version: string;
  /** What an operator must know about this kind, as a sentence; null: nothing. */
  readonly warning: string | null;
  /** Resolves if the database is gone for good (the thread of the embedded one): the process must end. */
  readonly failed: Promise<PicketError>;
  /**
   * Runs `body` in a transaction, again (at most 5 times) when another transaction got in its way: it must have no
   * effects but those on the database. Inside, use `trx` for every query; using `db` there is refused.
   */
  transaction<T>(body: (trx: Transaction<Schema>) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Resolves once subscribed. The handler gets null when messages may have been missed. */
  listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>>;
  /** Give `executor` (a transaction) to send at its commit. Payload: at most `notificationLimit` bytes. */
  notify(channel: string, payload: string, executor?: Kysely<Schema>): Promise<void>;
  /** Within about 3 seconds, even if a statement of the embedded database never ends. */
  close(): Promise<void>;
}

/** One way of having a database. */
export interface DatabaseBackend {
  readonly source: SessionSource;
  readonly listener: Listener;
  readonly warning: string | null;
  readonly failed?: Promise<PicketError>;
}

const maxAttempts = 5;

/** Opens the database and brings its schema to this version's level. */
export async function openDatabase(config: DatabaseConfig, log: Log): Promise<Database> {
  const backend = config.kind === 'embedded' ? await openEmbedded(config, log) : openServer(config, log);
  try {
    const applied = await migrate(backend.source, await readMigrations());
    if (applied.length > 0) log.write('info', 'storage.migrated', { steps: applied.join(' ') });
    return await assemble(config.kind, backend);
  } catch (error) {
    await backend.listener.close();
    await backend.source.close();
    throw error;
  }
}

async function assemble(kind: 'embedded' | 'server', backend: DatabaseBackend): Promise<Database> {
  const db = new Kysely<Schema>({ dialect: sessionDialect(backend.source) });
  const version = await readVersion(backend.source);
  return {
    db,
    kind,
    version,
    warning: backend.warning,
    // A server that goes away comes back, or can: its errors are `storage.unavailable`.
    failed: backend.failed ?? new Promise(() => {}),
    transaction: (body, options = {}) => transaction(db, body, options),
    listen: (channel, handler) => backend.listener.listen(channel, handler),
    notify: (channel, payload, executor = db) => notify(executor, channel, payload),
    close: async () => {
      await backend.listener.close();
      await db.destroy();
      // Kysely closes its driver only if a query ever ran.
      await backend.source.close();
    },
  };
}

async function readVersion(source: SessionSource): Promise<string> {
  const session = await source.acquire();
  try {
    const { rows } = await session.query('show server_version', []);
    return `PostgreSQL ${String(rows[0]?.server_version)}`;
  } finally {
    session.release(false);
  }
}

async function transaction<T>(
  db: Kysely<Schema>,
  body: (trx: Transaction<Schema>) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const builder = options.isolation ? db.transaction().setIsolationLevel(options.isolation) : db.transaction();
      return await builder.execute((trx) => insideTransaction.run(true, () => body(trx)));
    } catch (error) {
      const conflict = error instanceof PicketError && error.code === 'storage.conflict';
      if (!conflict || attempt >= maxAttempts) throw error;
      await delay(5 * 2 ** attempt * Math.random());
    }
  }
}
