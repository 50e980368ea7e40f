import { backoffDelay } from '@picket/base/backoff';
import type { Log } from '@picket/base/log';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type pg from 'pg';
import { type Listener, NotificationHandlers, quoteChannel } from '../notifications.ts';
import { rawDatabaseError, storageError } from '../storage-error.ts';

const backoff = { firstMs: 100, maxMs: 5000 };

/**
 * LISTEN on a connection of its own. When it is lost, a new one is opened (with back-off), all channels are subscribed
 * again, and each handler is told with null that messages may have been missed.
 */
export function reconnectingListener(newClient: () => pg.Client, log: Log): Listener {
  const handlers = new NotificationHandlers();
  const stop = new AbortController();
  let client: Promise<pg.Client> | null = null;

  const connect = async (): Promise<pg.Client> => {
    const next = newClient();
    let over = false;
    const lost = () => {
      if (over) return;
      over = true;
      client = null;
      if (!stop.signal.aborted) void reconnect();
    };
    next.on('error', lost);
    next.on('end', lost);
    next.on('notification', (message) => handlers.dispatch(message.channel, message.payload ?? ''));
    try {
      await next.connect();
      for (const channel of handlers.channels()) await next.query(`listen ${quoteChannel(channel)}`);
      return next;
    } catch (error) {
      over = true;
      next.end().catch(() => {});
      throw error;
    }
  };

  const reconnect = async (): Promise<void> => {
    for (let attempt = 0; !stop.signal.aborted && client === null; attempt++) {
      try {
        await systemClock.sleep(backoffDelay(backoff, attempt, systemRandom), stop.signal);
        client = connect();
        await client;
        log.write('info', 'storage.listener-reconnected');
        for (const channel of handlers.channels()) handlers.dispatch(channel, null);
        return;
      } catch (error) {
        client = null;
        if (!stop.signal.aborted) {
          log.write('warning', 'storage.listener-waits', { message: rawDatabaseError(error).message });
        }
      }
    }
  };

  return {
    async listen(channel, handler) {
      const first = handlers.add(channel, handler);
      try {
        if (client === null) {
          client = connect();
          await client;
        } else if (first) {
          await (await client).query(`listen ${quoteChannel(channel)}`);
        }
      } catch (error) {
        handlers.remove(channel, handler);
        client = null;
        throw storageError(error);
      }
      return async () => {
        if (!handlers.remove(channel, handler) || client === null) return;
        await (await client).query(`unlisten ${quoteChannel(channel)}`).catch(() => {});
      };
    },
    async close() {
      stop.abort(new Error('closed'));
      handlers.clear();
      const open = client;
      client = null;
      if (open) await open.then((connected) => connected.end()).catch(() => {});
    },
  };
}
