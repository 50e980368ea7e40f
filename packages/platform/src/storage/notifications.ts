import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** `payload` is null when messages may have been missed (the connection was lost and is back): look at everything. */
export type NotificationHandler = (payload: string | null) => void;

/** Receives `notify`. The subscription survives restarts of the database. */
export interface Listener {
  /** Resolves once the subscription stands; the function ends it. */
  listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Longest payload of NOTIFY, bytes (PostgreSQL: 8000 with the terminator). Send ids, not contents. */
export const notificationLimit = 7999;

/** Sends to all listeners of all replicas; inside a transaction, at its commit and only then. */
export async function notify(executor: Kysely<Schema>, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(executor);
}

/** Handlers by channel: the part that both kinds of listener share. */
export class NotificationHandlers {
  readonly #handlers = new Map<string, Set<NotificationHandler>>();

  /** True when it is the first one of the channel. */
  add(channel: string, handler: NotificationHandler): boolean {
    const handlers = this.#handlers.get(channel);
    if (handlers) {
      handlers.add(handler);
      return false;
    }
    this.#handlers.set(channel, new Set([handler]));
    return true;
  }

  /** True when it was the last one of the channel. */
  remove(channel: string, handler: NotificationHandler): boolean {
    const handlers = this.#handlers.get(channel);
    if (!handlers?.delete(handler) || handlers.size > 0) return false;
    this.#handlers.delete(channel);
    return true;
  }

  channels(): readonly string[] {
    return [...this.#handlers.keys()];
  }

  dispatch(channel: string, payload: string | null): void {
    this.#handlers.get(channel)?.forEach((handler) => handler(payload));
  }

  clear(): void {
    this.#handlers.clear();
  }
}

/** A channel as an identifier in LISTEN, which takes no parameter. */
export function quoteChannel(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}
