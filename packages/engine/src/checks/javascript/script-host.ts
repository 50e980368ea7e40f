import type { Connection } from '@picket/base/dialer';
import { describeError } from '@picket/base/error';
import { type Endpoint, hostText } from '@picket/checks/run/target-scope';
import type { CheckFailure } from '../check-failure.ts';
import { type CheckSession, openConnection, spend } from '../check-session.ts';
import { Channel, fault } from './channel.ts';
import type { HostAnswer, ScriptValue } from './sandbox/script-messages.ts';
import { ScriptArgs } from './script-args.ts';
import { misuse, ScriptFault } from './script-fault.ts';

/** A function of a module. What it throws is a `ScriptFault`, or a fault of ours. */
export type ScriptFunction = (args: ScriptArgs, host: ScriptHost) => ScriptValue | Promise<ScriptValue>;

/** Objects and connections that one script may hold. */
const mostObjects = 256;

/** What the calls of one script share: the host that it may speak to, and what it holds. `close` ends all of it. */
export class ScriptHost {
  readonly session: CheckSession;
  readonly endpoint: Endpoint;
  readonly #functions: ReadonlyMap<string, ScriptFunction>;
  readonly #objects: unknown[] = [];
  readonly #open = new Set<Channel>();
  #failure: CheckFailure | null = null;
  #lastRefused = false;

  constructor(session: CheckSession, endpoint: Endpoint, functions: ReadonlyMap<string, ScriptFunction>) {
    this.session = session;
    this.endpoint = endpoint;
    this.#functions = functions;
  }

  /** The first question of the script that was not answered. */
  get failure(): CheckFailure | null {
    return this.#failure;
  }

  /** Whether the last call was answered by the service with a refusal. */
  get lastRefused(): boolean {
    return this.#lastRefused;
  }

  async call(name: string, values: readonly ScriptValue[]): Promise<HostAnswer> {
    const called = this.#functions.get(name);
    this.#lastRefused = false;
    try {
      if (called === undefined) throw misuse(`there is no function ${name.slice(0, 60)}`);
      return { ok: true, value: await called(new ScriptArgs(values), this) };
    } catch (error) {
      if (!(error instanceof ScriptFault)) return this.#internal(error);
      this.#lastRefused = error.failure === null;
      this.#failure ??= error.failure;
      return { ok: false, message: error.message };
    }
  }

  /** A connection to a port of the scanned host. Another host is refused before anything is sent. */
  async connect(
    host: string,
    port: number,
    options: { readonly tls?: boolean; readonly timeoutMs?: number } = {},
  ): Promise<Channel> {
    this.#mustBeTarget(host);
    const refused = spend(this.session, port);
    if (refused) throw fault(refused);
    if (this.#open.size >= mostObjects) throw misuse(`more than ${mostObjects} connections are open`);
    const opened = await openConnection(this.session, {
      ...this.endpoint,
      port,
      tls: this.#speaksTls(port, options.tls),
    });
    if (!opened.ok) throw fault(opened.error);
    return this.#channel(opened.value, options.timeoutMs);
  }

  /** The answers to a datagram; empty after silence. */
  async exchange(host: string, port: number, payload: Uint8Array, timeoutMs: number): Promise<readonly Uint8Array[]> {
    this.#mustBeTarget(host);
    const refused = spend(this.session, port);
    if (refused) throw fault(refused);
    const { dialer, signal } = this.session;
    const answers = await dialer.exchangeUdp({ address: this.endpoint.address, port, payload, timeoutMs, signal });
    if (answers.ok) return answers.value;
    if (answers.error.kind === 'timeout') return [];
    throw fault({ reason: 'connection-failed', detail: `${answers.error.kind} ${answers.error.detail}`.trim() });
  }

  /** Asks for leave to log in. */
  login(service: string, port: number, account: string): void {
    if (this.session.logins.mayTry(service, port, account)) return;
    const detail = `${account === '' ? 'a password' : 'an account'} was tried as often today as may be`;
    throw new ScriptFault(detail, { reason: 'check-not-allowed', detail });
  }

  /** Keeps an object of a script; the number stands for it in the sandbox. */
  hold(value: unknown): number {
    if (this.#objects.length >= mostObjects) throw misuse(`more than ${mostObjects} objects are held`);
    return this.#objects.push(value) - 1;
  }

  held<T>(args: ScriptArgs, kind: new (...from: never[]) => T): T {
    const value = this.#objects[args.number(0, { from: 0, to: mostObjects })];
    if (value instanceof kind) return value;
    throw misuse('the object is of another kind');
  }

  close(): void {
    for (const channel of this.#open) channel.close();
    this.#open.clear();
    this.#objects.length = 0;
  }

  #channel(connection: Connection, timeoutMs: number | undefined): Channel {
    const channel = new Channel(connection, timeoutMs ?? this.session.limits.firstByteMs);
    this.#open.add(channel);
    return channel;
  }

  /** Identification knows which port speaks TLS from the first byte. */
  #speaksTls(port: number, asked: boolean | undefined): boolean {
    return asked ?? (port === this.endpoint.port && this.endpoint.tls);
  }

  #mustBeTarget(host: string): void {
    const wanted = host
      .trim()
      .replace(/^[a-z]{2,8}:\/\//i, '')
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase();
    const own = [this.endpoint.address, hostText(this.endpoint), this.endpoint.name].map((name) => name?.toLowerCase());
    if (own.includes(wanted)) return;
    const detail = `${host.slice(0, 60)} is not the host of this check`;
    throw new ScriptFault(detail, { reason: 'scope-denied', detail });
  }

  #internal(error: unknown): HostAnswer {
    this.#failure ??= { reason: 'internal-error', detail: describeError(error).slice(0, 200) };
    return { ok: false, message: 'a fault of the scanner' };
  }
}
