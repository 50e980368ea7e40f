import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay on the loopback address that counts what goes to its clients, and can cut them off. */
export class CountingRelay implements AsyncDisposable {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  /** Bytes that went to clients. */
  bytes = 0;
  /** Once so many bytes went to clients every connection is reset, and no new one taken until `mend`; null: never. */
  cutAt: number | null = null;
  #cut = false;

  private constructor(target: number) {
    this.#server = createServer((client) => this.#relay(client, target));
  }

  static async start(port: number, target: number): Promise<CountingRelay> {
    const relay = new CountingRelay(target);
    await new Promise<void>((resolve, reject) => {
      relay.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return relay;
  }

  get isCut(): boolean {
    return this.#cut;
  }

  mend(): void {
    this.#cut = false;
    this.cutAt = null;
  }

  #relay(client: Socket, target: number): void {
    if (this.#cut) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: target });
    const end = () => {
      client.destroy();
      upstream.destroy();
      this.#open.delete(client);
    };
    this.#open.add(client);
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      this.bytes += chunk.length;
      client.write(chunk);
      if (this.cutAt !== null && this.bytes >= this.cutAt) this.#cutOff();
    });
  }

  #cutOff(): void {
    this.#cut = true;
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
