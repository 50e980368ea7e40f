import { Socket } from 'node:net';
import { backoffDelay } from '@picket/base/backoff';
import type { Log } from '@picket/base/log';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type pg from 'pg';
import { type Listener, NotificationHandlers, quoteChannel } from '../notifications.ts';
import { rawDatabaseError, storageError } from '../storage-error.ts';
import { watchConnection } from './connection-beat.ts';

/** A stop must be heard within seconds, so that nobody waits long for a database that is back. */
const backoff = { firstMs: 100, maxMs: 1500 };

export interface ListenerConnections {
  /** A client that is not connected yet, over this socket. */
  newClient(socket: Socket): pg.Client;
  /** Whether statements go through, over another connection. Does not reject. */
  reachable(): Promise<boolean>;
}

/**
 * LISTEN on a connection of its own, which is asked for a sign of life every second. When it is lost, a new one is opened (with back-off),
 * all channels are subscribed again, and each handler is told with null that messages may have been missed. They are told the same after
 * each attempt that failed, where the database answers over other connections.
 */
export function reconnectingListener({ newClient, reachable }: ListenerConnections, log: Log): Listener {
  const handlers = new NotificationHandlers();
  const stop = new AbortController();
  let client: Promise<pg.Client> | null = null;
  let returning = false;
  let probing = false;

  const connect = async (): Promise<pg.Client> => {
    const socket = new Socket();
    const next = newClient(socket);
    const over = new AbortController();
    let listens = false;
    const lost = () => {
      if (over.signal.aborted) return;
      over.abort(new Error('Connection terminated: it was lost or gave no sign of life.'));
      socket.destroy();
      if (!listens) return;
      client = null;
      if (stop.signal.aborted) return;
      log.write('warning', 'storage.listener-lost');
      void comeBack();
    };
    next.on('error', lost);
    next.on('end', lost);
    next.on('notification', (message) => handlers.dispatch(message.channel, message.payload ?? ''));
    try {
      await next.connect();
      for (const channel of handlers.channels()) await next.query(`listen ${quoteChannel(channel)}`);
    } catch (error) {
      lost();
      throw error;
    }
    // Lost while its last answer was on the way.
    over.signal.throwIfAborted();
    listens = true;
    void watchConnection(() => next.query('select 1'), lost, over.signal);
    return next;
  };

  /** The one that is there, or is being opened. */
  const open = (): Promise<pg.Client> => {
    if (client !== null) return client;
    const made = connect();
    client = made;
    made.catch(() => {
      if (client === made) client = null;
    });
    return made;
  };

  const tellAll = () => {
    for (const channel of handlers.channels()) handlers.dispatch(channel, null);
  };

  /** At most one at a time: where packets are dropped it may take long. */
  const probe = () => {
    if (probing) return;
    probing = true;
    void reachable().then((yes) => {
      probing = false;
      if (yes) tellAll();
    });
  };

  const comeBack = async (): Promise<void> => {
    if (returning) return;
    returning = true;
    for (let attempt = 0; !stop.signal.aborted; attempt++) {
      await systemClock.sleep(backoffDelay(backoff, attempt, systemRandom), stop.signal).catch(() => {});
      if (stop.signal.aborted) break;
      try {
        await open();
        log.write('info', 'storage.listener-reconnected');
        tellAll();
        // It may be lost again already.
        if (client !== null) break;
      } catch (error) {
        if (stop.signal.aborted) break;
        log.write('warning', 'storage.listener-waits', { message: rawDatabaseError(error).message });
        probe();
      }
    }
    returning = false;
  };

  return {
    async listen(channel, handler) {
      const first = handlers.add(channel, handler);
      try {
        const connected = await open();
        // A connection that was being opened may have been told of its channels before.
        if (first) await connected.query(`listen ${quoteChannel(channel)}`);
      } catch (error) {
        handlers.remove(channel, handler);
        throw storageError(error);
      }
      return async () => {
        if (!handlers.remove(channel, handler) || client === null) return;
        await client.then((connected) => connected.query(`unlisten ${quoteChannel(channel)}`)).catch(() => {});
      };
    },
    async close() {
      stop.abort(new Error('closed'));
      handlers.clear();
      const opened = client;
      client = null;
      if (opened) await opened.then((connected) => connected.end()).catch(() => {});
    },
  };
}
