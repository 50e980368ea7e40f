import type { Connection } from '@picket/base/dialer';

/**
 * The open connections of one host that wait for another HTTP request (RFC 9112 section 9.3), by endpoint: port, TLS and server
 * name. They count against the host's connections, and so they give way to whoever waits for one, at once or later: what waits
 * could otherwise be what keeps everything from being taken up again.
 */
export class ConnectionPool {
  readonly #idle = new Map<string, Connection[]>();
  readonly #closing = new Set<string>();

  /** A connection to the endpoint that is free; null when there is none. */
  take(endpoint: string): Connection | null {
    const connection = this.#idle.get(endpoint)?.pop() ?? null;
    connection?.rest?.(null);
    return connection;
  }

  give(endpoint: string, connection: Connection): void {
    const idle = this.#idle.get(endpoint) ?? [];
    this.#idle.set(endpoint, idle);
    idle.push(connection);
    connection.rest?.(() => {
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
      connection.close();
    });
  }

  /** The endpoint leaves a client waiting unless it asks for the end of the connection: from now on it is asked. */
  closesOnly(endpoint: string): void {
    this.#closing.add(endpoint);
  }

  /** Whether requests to the endpoint may leave the connection open. */
  keeps(endpoint: string): boolean {
    return !this.#closing.has(endpoint);
  }

  /**
   * Before a connection to `endpoint` is opened: closes what waits for other endpoints, and one that waits for this one. So the
   * connections of a host are never more than twice those that are in use, whatever the order of requests.
   */
  makeRoom(endpoint: string): void {
    for (const other of this.#idle.keys()) if (other !== endpoint) this.#close(other);
    this.take(endpoint)?.close();
  }

  close(): void {
    for (const endpoint of this.#idle.keys()) this.#close(endpoint);
  }

  #close(endpoint: string): void {
    for (const connection of this.#idle.get(endpoint) ?? []) connection.close();
    this.#idle.delete(endpoint);
  }
}
