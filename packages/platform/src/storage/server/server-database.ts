import type { Log } from '@picket/base/log';
import type { Secret } from '@picket/base/secret';
import pg from 'pg';
import { checkedBigint } from '../checked-bigint.ts';
import type { DatabaseBackend } from '../database.ts';
import type { DatabaseSession, SessionSource } from '../session-source.ts';
import { rawDatabaseError, storageError } from '../storage-error.ts';
import { reconnectingListener } from './reconnecting-listener.ts';

const writers = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
const int8 = 20;

/** Client settings: integers as in `checked-bigint.ts`, all else as `pg` does it; UTC whatever the server says. */
function clientConfig(url: Secret): pg.ClientConfig {
  const types: pg.CustomTypesConfig = {
    // The overloads of getTypeParser tell text from binary; binary results are never asked for.
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === int8 ? checkedBigint : pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
  } as pg.CustomTypesConfig;
  return {
    connectionString: url.reveal(),
    types,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    application_name: 'picket',
    options: '-c TimeZone=UTC',
  };
}

/** A PostgreSQL server, version 15 or newer. Lost connections are errors of the statement at hand, never of the process. */
export function openServer(
  config: { readonly url: Secret; readonly maxConnections?: number },
  log: Log,
): DatabaseBackend {
  const settings = clientConfig(config.url);
  const pool = new pg.Pool({ ...settings, max: config.maxConnections ?? 10, idleTimeoutMillis: 30_000 });
  const lost = (error: unknown) =>
    log.write('warning', 'storage.connection-lost', { message: rawDatabaseError(error).message });
  pool.on('error', lost);
  // While a connection is held, its errors come to the client, not to the pool; unheard they would end the process.
  pool.on('connect', (client) => client.on('error', lost));
  return {
    source: poolSource(pool),
    listener: reconnectingListener(
      {
        newClient: (socket) => new pg.Client({ ...settings, ...listening, stream: () => socket }),
        reachable: () =>
          pool.query('select 1').then(
            () => true,
            () => false,
          ),
      },
      log,
    ),
    warning: null,
  };
}

/** The name tells it from the others where connections are listed. */
const listening = { application_name: 'picket listener', connectionTimeoutMillis: 3000 };

function poolSource(pool: pg.Pool): SessionSource {
  let closing: Promise<void> | null = null;
  return {
    async acquire() {
      try {
        return clientSession(await pool.connect());
      } catch (error) {
        throw storageError(error);
      }
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

function clientSession(client: pg.PoolClient): DatabaseSession {
  let broken = false;
  const run = async (sql: string, parameters?: readonly unknown[]) => {
    try {
      return await client.query(sql, parameters === undefined ? undefined : [...parameters]);
    } catch (error) {
      const converted = storageError(error);
      if (converted.code === 'storage.unavailable') broken = true;
      throw converted;
    }
  };
  return {
    async query(sql, parameters) {
      const { rows, rowCount, command } = await run(sql, parameters);
      return { rows, affectedRows: writers.has(command) ? (rowCount ?? 0) : null, command: command ?? '' };
    },
    async script(sql) {
      await run(sql);
    },
    release(caller) {
      client.release(broken || caller);
    },
  };
}
