import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { ClientListener, ClientProcess } from './adapters/client-process.ts';
import type { ClientEvent } from './client-event.ts';
import type { Advertisement, Dhcp6Lease, DhcpLease } from './learned.ts';
import type { ClientPlan } from './network-plan.ts';

export interface ClientsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly start: (client: ClientPlan, wanted: string | null, listener: ClientListener) => ClientProcess;
  /** One question to the routers on a link; null: nobody answered. */
  readonly solicit: (client: ClientPlan) => Promise<Advertisement | null>;
  /** Something new was learned, or was lost. */
  readonly onChange: () => void;
}

/** Where a client stands, for the status. */
export type ClientState =
  | { readonly state: 'asking' | 'leased' | 'no-answer' }
  | { readonly state: 'refused'; readonly message: string };

interface Running {
  readonly client: ClientPlan;
  process: ClientProcess | null;
  state: ClientState;
  /** Its first word is always that it has nothing, also when it asks for an address that is in use. */
  spoke: boolean;
  nextTryAt: number;
}

/** A client that ended is started again after this, and routers are asked again after that, milliseconds. */
const restartMs = 2000;
const solicitMs = { unanswered: 5000, answered: 60_000 };

/** Keeps the programs running that ask the network, and what they learned. */
export class Clients {
  readonly leases = new Map<string, DhcpLease>();
  readonly leases6 = new Map<string, Dhcp6Lease>();
  readonly advertisements = new Map<string, Advertisement>();
  readonly #deps: ClientsDeps;
  readonly #running = new Map<string, Running>();
  /** Those that can be asked for by name: one lease a name. */
  readonly #leasing = new Map<string, Running>();

  constructor(deps: ClientsDeps) {
    this.#deps = deps;
  }

  /** Ends those that the plan does not name; they give their leases back while their addresses are still there. */
  async stopOthers(wanted: readonly ClientPlan[]): Promise<void> {
    const keep = new Set(wanted.map(identity));
    for (const [key, running] of this.#running) {
      if (keep.has(key)) continue;
      this.#running.delete(key);
      const { key: name } = running.client;
      if (this.#leasing.get(name) === running) this.#leasing.delete(name);
      await running.process?.stop(true);
      this.#forget(running.client);
    }
  }

  /** Starts those that are missing, after their interfaces are up. */
  startMissing(wanted: readonly ClientPlan[]): void {
    for (const client of wanted) {
      const key = identity(client);
      if (this.#running.has(key)) continue;
      const running: Running = { client, process: null, state: { state: 'asking' }, spoke: false, nextTryAt: 0 };
      this.#running.set(key, running);
      if (client.kind !== 'ra') this.#leasing.set(client.key, running);
    }
  }

  /** Starts and asks what is due, and drops leases that have run out. */
  async tick(): Promise<void> {
    const now = this.#deps.clock.monotonic();
    for (const running of this.#running.values()) {
      if (running.nextTryAt > now) continue;
      if (running.client.kind === 'ra') await this.#solicit(running);
      else if (running.process === null) this.#start(running);
    }
    for (const [key, lease] of this.leases) {
      if (Date.parse(lease.obtainedAt) + lease.seconds * 1000 > this.#deps.clock.now()) continue;
      this.leases.delete(key);
      this.#deps.onChange();
    }
  }

  /** A port's cable was plugged in again: it may be another network, so ask anew. What is leased stays until the answer. */
  async carrierBack(device: string): Promise<void> {
    for (const running of this.#running.values()) {
      if (running.client.device !== device) continue;
      await running.process?.stop(false);
      running.process = null;
      running.spoke = false;
      running.nextTryAt = 0;
    }
  }

  /** Renews a port's lease at once, or asks for one. */
  async renew(key: string): Promise<void> {
    for (const running of this.#running.values()) {
      if (running.client.key !== key) continue;
      if (running.client.kind === 'dhcp4' && running.state.state === 'leased') running.process?.renew();
      else await this.carrierBack(running.client.device);
    }
  }

  state(key: string): ClientState | null {
    return this.#leasing.get(key)?.state ?? null;
  }

  /** Ends all without giving anything back: a restart of the helper shall not be noticed. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ process }) => process?.stop(false)));
    this.#running.clear();
    this.#leasing.clear();
  }

  #start(running: Running): void {
    const { client } = running;
    running.spoke = false;
    running.process = this.#deps.start(client, this.leases.get(client.key)?.address ?? null, {
      onEvent: (event) => this.#take(running, event),
      onExit: () => {
        running.process = null;
        running.nextTryAt = this.#deps.clock.monotonic() + restartMs;
      },
    });
  }

  #take(running: Running, event: ClientEvent): void {
    const { key } = running.client;
    const first = !running.spoke;
    running.spoke = true;
    switch (event.kind) {
      case 'leased':
        this.leases.set(key, event.lease);
        running.state = { state: 'leased' };
        break;
      case 'leased6':
        this.leases6.set(key, event.lease);
        running.state = { state: 'leased' };
        break;
      case 'lost':
        if (first) return;
        this.#forget(running.client);
        if (running.state.state === 'leased') running.state = { state: 'asking' };
        break;
      case 'no-answer':
        running.state = { state: 'no-answer' };
        break;
      case 'refused':
        // It may be over in a second, with the next lease.
        this.#deps.log.write('warning', 'network.dhcp-refused', { port: key, message: event.message });
        running.state = { state: 'refused', message: event.message };
        break;
    }
    this.#deps.onChange();
  }

  async #solicit(running: Running): Promise<void> {
    const heard = await this.#deps.solicit(running.client);
    const wait = heard === null ? solicitMs.unanswered : solicitMs.answered;
    running.nextTryAt = this.#deps.clock.monotonic() + wait;
    const { key } = running.client;
    const before = JSON.stringify(this.advertisements.get(key) ?? null);
    if (heard === null) this.advertisements.delete(key);
    else this.advertisements.set(key, heard);
    if (JSON.stringify(heard) !== before) this.#deps.onChange();
  }

  #forget({ key, kind }: ClientPlan): void {
    if (kind === 'dhcp4') this.leases.delete(key);
    else if (kind === 'ra') this.advertisements.delete(key);
    else this.leases6.delete(key);
  }
}

function identity({ key, kind, space, device }: ClientPlan): string {
  return `${key} ${kind} ${space} ${device}`;
}
