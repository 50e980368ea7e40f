import { createServer, type Server } from 'node:net';
import { lineChannel } from '../local/line-channel.ts';
import { type HelperAnswer, helperRequest, withStoredPassword } from '../netconf/helper-messages.ts';
import { factorySettings, networkSettings } from '../netconf/network-settings.ts';

/**
 * A network helper that only writes down what it is asked for: nothing of the machine is changed. It takes and gives exactly the messages
 * of the real one.
 */
export class HelperStandIn {
  readonly #server: Server;
  /** Requests in their order, but for those that only look (`get`, `facts`). */
  readonly requests: Record<string, unknown>[] = [];
  settings: unknown = factorySettings;
  /** What it tells the daemon of the proxy, password and all. */
  proxy: Extract<HelperAnswer, { type: 'proxy' }>['proxy'] = null;
  /** Refuses all that it writes down with this sentence. */
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

  #answer(message: Record<string, unknown>): HelperAnswer {
    const request = helperRequest.parse(message);
    const { id, type } = request;
    if (type === 'get') {
      return {
        id,
        type: 'network',
        settings: this.settings,
        ports: { lan: 'lo', wan: null },
        state: null,
        kind: 'virtual',
      };
    }
    if (type === 'proxy') return { id, type, proxy: this.proxy };
    // It has no network to tell facts of.
    if (type === 'facts') return { id, type: 'refused', message: 'there are none', saved: false, problems: [] };
    this.requests.push(message);
    if (this.refuses !== null) return { id, type: 'refused', message: this.refuses, saved: false, problems: [] };
    if (type === 'apply') {
      networkSettings.parse(withStoredPassword(request.settings, 'stored before'));
      this.settings = request.settings;
    }
    return { id, type: 'applied', problems: [] };
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
