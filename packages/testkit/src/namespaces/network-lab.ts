import { type RunningProcess, startProcess } from '../running-process.ts';
import { createNamespace, destroyNamespace, listNamespaces } from './namespace.ts';
import { type CommandOptions, type CommandResult, runCommand } from './run-command.ts';
import { bridgeCommands, plugCommands, runIp } from './wiring.ts';

let labCount = 0;

/**
 * A small private network for one test: namespaces joined by bridges, with no way out to the machine's own network. Names carry the
 * process id, so tests that run side by side do not meet. Use `await using lab = new NetworkLab('name')`, or call `close` in `finally`:
 * it kills every process inside and deletes every namespace, also after a failure half-way. Check {@link canUseNamespaces} first.
 */
export class NetworkLab implements AsyncDisposable {
  readonly prefix: string;
  readonly #ports = new Map<string, { readonly bridge: string; readonly port: string }>();

  constructor(name: string) {
    labCount += 1;
    this.prefix = `${name}-${process.pid}-${labCount}-`;
  }

  /** Full name, on this machine, of a namespace of this lab. */
  fullName(namespace: string): string {
    return this.prefix + namespace;
  }

  /** Makes a namespace with nothing but its loopback. */
  async addNamespace(namespace: string): Promise<void> {
    await createNamespace(this.fullName(namespace));
  }

  /** Makes a bridge in a namespace of its own. */
  async addBridge(bridge: string): Promise<void> {
    await this.addNamespace(bridge);
    await runIp(bridgeCommands(this.fullName(bridge), 'bridge'));
  }

  /** Joins a namespace to a bridge with an interface of the given name and addresses (`10.0.0.1/24`, `fd00::1/64`). */
  async connect(namespace: string, bridge: string, device: string, addresses: readonly string[]): Promise<void> {
    const port = `port${this.#ports.size + 1}`;
    this.#ports.set(`${namespace} ${device}`, { bridge, port });
    const ends = { namespace: this.fullName(namespace), bridgeNamespace: this.fullName(bridge) };
    await runIp(plugCommands({ ...ends, device, bridge: 'bridge', port, addresses }));
  }

  /**
   * Cuts or mends the wire of a namespace's interface, at the end in the bridge: down means that no frame passes, as with a pulled cable.
   * (At the near end the kernel would also forget the interface's IPv6 addresses.)
   */
  async setLink(namespace: string, device: string, state: 'up' | 'down'): Promise<void> {
    const wire = this.portOf(namespace, device);
    await runIp([['-n', this.fullName(wire.bridge), 'link', 'set', wire.port, state]]);
  }

  /** The far end of a namespace's wire: the bridge's namespace and the interface in it, for a capture that the near end cannot colour. */
  portOf(namespace: string, device: string): { readonly bridge: string; readonly port: string } {
    const wire = this.#ports.get(`${namespace} ${device}`);
    if (wire === undefined) throw new Error(`${namespace} has no interface ${device}: connect it first`);
    return wire;
  }

  /** Runs a command inside a namespace and waits for its end. */
  run(namespace: string, argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand(['ip', 'netns', 'exec', this.fullName(namespace), ...argv], options);
  }

  /** Starts a long-lived command inside a namespace. */
  start(namespace: string, argv: readonly string[], options: { env?: Record<string, string> } = {}): NamespaceProcess {
    return startInNamespace(this.fullName(namespace), argv, options.env ?? {});
  }

  /** Kills everything that runs in the lab and deletes its namespaces. Twice is fine. */
  async close(): Promise<void> {
    for (const name of await listNamespaces(this.prefix)) await destroyNamespace(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A process that runs inside a namespace of the lab. It is killed with the lab. */
export type NamespaceProcess = RunningProcess;

/** Starts a command inside any named namespace of this machine; the caller must stop it (or destroy the namespace). */
export function startInNamespace(
  name: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): NamespaceProcess {
  return startProcess(['ip', 'netns', 'exec', name, ...argv], env);
}
