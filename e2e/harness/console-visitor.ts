import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DaemonLink, daemonLink } from '../../packages/appliance/src/console/adapters/daemon-link.ts';
import type { Attempt } from '../../packages/appliance/src/console/errors/attempt.ts';
import { type ConsoleRequest, consoleSocketName } from '../../packages/appliance/src/local/console-messages.ts';
import type { ConsoleSettings } from '../../packages/appliance/src/local/console-settings.ts';
import type { ConsoleStatus } from '../../packages/appliance/src/local/console-status.ts';

/** What a console is, without screen and keys: it asks the daemon, and is told. */
export class ConsoleVisitor implements Disposable {
  readonly #link: DaemonLink;
  #status: ConsoleStatus | null = null;
  #settings: ConsoleSettings | null = null;
  #answers: (string | null)[] = [];
  readonly #deadlineMs: number;

  /** `deadlineMs`: longest wait for what is to be seen. */
  constructor(applianceState: string, deadlineMs = 60_000) {
    this.#deadlineMs = deadlineMs;
    this.#link = daemonLink(join(applianceState, consoleSocketName), {
      onMessage: (message) => {
        if (message.type === 'status') this.#status = message.status;
        if (message.type === 'network') this.#settings = message.settings;
        if (message.type === 'answer') this.#answers.push(message.refused);
      },
      onGone: () => {},
    });
  }

  /** Saves a change on top of the settings in force, as the REALLY … ? prompt does, and waits for the answer. */
  async change(attempt: Attempt, change: Partial<ConsoleSettings>): Promise<void> {
    await this.#until('settings', () => this.#settings !== null);
    if (this.#settings !== null) await this.ask({ type: 'apply', attempt, settings: { ...this.#settings, ...change } });
  }

  async ask(request: ConsoleRequest): Promise<void> {
    const before = this.#answers.length;
    this.#link.send(request);
    await this.#until('an answer', () => this.#answers.length > before);
    const refused = this.#answers.at(-1) ?? null;
    if (refused !== null) throw new Error(refused);
  }

  /** Waits until a console is told a status like this. */
  async sees(what: string, holds: (status: ConsoleStatus) => boolean): Promise<ConsoleStatus> {
    await this.#until(what, () => this.#status !== null && holds(this.#status));
    if (this.#status === null) throw new Error('no status');
    return this.#status;
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const end = performance.now() + this.#deadlineMs;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`not seen: ${what}; last ${JSON.stringify(this.#status)}`);
      await delay(50);
    }
  }

  [Symbol.dispose](): void {
    this.#link.close();
  }
}
