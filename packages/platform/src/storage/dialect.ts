import { AsyncLocalStorage } from 'node:async_hooks';
import { PicketError } from '@picket/base/error';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { DatabaseSession, SessionSource } from './session-source.ts';

/** Set while the body of a transaction runs: a second connection there waits for itself on a database with one. */
export const insideTransaction = new AsyncLocalStorage<true>();

/** Kysely on a source of sessions; the same for both kinds of database. */
export function sessionDialect(source: SessionSource): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SessionDriver(source),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class SessionConnection implements DatabaseConnection {
  readonly session: DatabaseSession;
  broken = false;

  constructor(session: DatabaseSession) {
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.session.query(query.sql, query.parameters);
    // Kysely's own boundary: it trusts the row type that the query was built with.
    const rows = result.rows as R[];
    return result.affectedRows === null ? { rows } : { rows, numAffectedRows: BigInt(result.affectedRows) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new PicketError({
      code: 'storage.no-streaming',
      kind: 'bug',
      message: 'Read in pages; streaming is not offered.',
    });
  }
}

class SessionDriver implements Driver {
  readonly #source: SessionSource;

  constructor(source: SessionSource) {
    this.#source = source;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SessionConnection> {
    if (insideTransaction.getStore()) {
      throw new PicketError({
        code: 'storage.nested-connection',
        kind: 'bug',
        message: 'A query inside a transaction used the database instead of the transaction: it would wait for itself.',
      });
    }
    return new SessionConnection(await this.#source.acquire());
  }

  async beginTransaction(connection: SessionConnection, settings: TransactionSettings): Promise<void> {
    const isolation = settings.isolationLevel === undefined ? '' : ` isolation level ${settings.isolationLevel}`;
    await connection.session.query(`start transaction${isolation}`, []);
  }

  async commitTransaction(connection: SessionConnection): Promise<void> {
    const { command } = await connection.session.query('commit', []);
    if (command === 'ROLLBACK') {
      throw new PicketError({
        code: 'storage.transaction-aborted',
        kind: 'bug',
        message: 'The transaction was rolled back because an error inside it was swallowed.',
      });
    }
  }

  async rollbackTransaction(connection: SessionConnection): Promise<void> {
    try {
      await connection.session.query('rollback', []);
    } catch {
      // The connection is gone, and with it the transaction. The caller gets the error that led here.
      connection.broken = true;
    }
  }

  async releaseConnection(connection: SessionConnection): Promise<void> {
    connection.session.release(connection.broken);
  }

  async destroy(): Promise<void> {
    await this.#source.close();
  }
}
