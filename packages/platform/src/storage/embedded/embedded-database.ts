import type { Log } from '@picket/base/log';
import { PicketError } from '@picket/base/error';
import type { DatabaseBackend } from '../database.ts';
import { Mutex } from '../mutex.ts';
import { type Listener, NotificationHandlers, quoteChannel } from '../notifications.ts';
import type { DatabaseSession, SessionSource } from '../session-source.ts';
import { lockDirectory } from './directory-lock.ts';
import { startWorker, type WorkerClient } from './worker-client.ts';

/** Shown at the start and on the about page. */
export const embeddedWarning =
  'The embedded database does not force its writes to the disk: killing the program loses nothing, but a power cut or a crash of the machine can damage the data. Set DATABASE_URL to a PostgreSQL server for real use.';

/** PGlite in a thread: one connection, held by one caller at a time from the first statement of a transaction to its end. */
export async function openEmbedded(
  config: { readonly directory: string | null; readonly template?: string },
  log: Log,
): Promise<DatabaseBackend> {
  const unlock = config.directory === null ? () => {} : lockDirectory(config.directory);
  const handlers = new NotificationHandlers();
  try {
    const client = await startWorker(
      { directory: config.directory === null ? null : `${config.directory}/files`, template: config.template ?? null },
      (channel, payload) => handlers.dispatch(channel, payload),
      log,
    );
    const source = embeddedSource(client, unlock);
    const listener = embeddedListener(source, handlers);
    return { source, listener, warning: embeddedWarning, failed: client.failed };
  } catch (error) {
    unlock();
    throw error;
  }
}

function embeddedSource(client: WorkerClient, unlock: () => void): SessionSource {
  const mutex = new Mutex();
  let closing: Promise<void> | null = null;
  return {
    async acquire(): Promise<DatabaseSession> {
      const release = await mutex.acquire();
      if (closing !== null) {
        release();
        throw closedError();
      }
      return {
        query: (sql, parameters) => client.query(sql, parameters),
        script: (sql) => client.script(sql),
        release,
      };
    },
    close() {
      closing ??= client.close().finally(unlock);
      return closing;
    },
  };
}

function closedError(): PicketError {
  return new PicketError({ code: 'storage.closed', kind: 'operational', message: 'The database is closed.' });
}

function embeddedListener(source: SessionSource, handlers: NotificationHandlers): Listener {
  // LISTEN inside somebody's transaction would be undone by its rollback: it takes its turn like everything else.
  const run = async (sql: string) => {
    const session = await source.acquire();
    try {
      await session.script(sql);
    } finally {
      session.release(false);
    }
  };
  return {
    async listen(channel, handler) {
      if (handlers.add(channel, handler)) await run(`listen ${quoteChannel(channel)}`);
      return async () => {
        if (handlers.remove(channel, handler)) await run(`unlisten ${quoteChannel(channel)}`).catch(() => {});
      };
    },
    async close() {
      handlers.clear();
    },
  };
}
