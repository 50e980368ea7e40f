import { createServer, type Server } from 'node:net';
import { lineChannel } from '../local/line-channel.ts';
import { factorySettings } from '../netconf/network-settings.ts';

/** A network helper that only writes down what it is asked for: nothing of the machine is changed. */
export class HelperStandIn {
  readonly #server: Server;
  /** Requests in their order, but for `get`. */
  readonly requests: Record<string, unknown>[] = [];
  settings: unknown = factorySettings;
  /** Refuses everything but `get` with this sentence. */
  refuses: string | null = null;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(path: string): Promise<HelperStandIn> {
    const server = createServer();
    const helper = new HelperStandIn(server);
    server.on('connection', (socket) => {
      const channel = lineChannel(socket, {
        maxLineBytes: 100_000,
        onMessage: (message) => channel.send(helper.#answer(message as Record<string, unknown>)),
        onEnd: () => {},
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return helper;
  }

  #answer(request: Record<string, unknown>): unknown {
    const { id, type } = request;
    if (type === 'get') {
      return { id, type: 'network', settings: this.settings, ports: { lan: 'lo', wan: null }, kind: 'virtual' };
    }
    this.requests.push(request);
    if (this.refuses !== null) return { id, type: 'refused', message: this.refuses, saved: false };
    if (type === 'apply') this.settings = request.settings;
    return { id, type: 'applied' };
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
