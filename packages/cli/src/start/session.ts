import type { Clock } from '@picket/base/clock';
import { PicketError } from '@picket/base/error';
import { type ApplianceStatus, applianceStatus } from '@picket/appliance/local/status';
import { join } from 'node:path';
import { AdminClient } from '../admin/admin-client.ts';
import { dataLayout } from '../data-layout.ts';
import { programs, projectRoot } from '../programs.ts';
import type { Output } from '../terminal/output.ts';
import { Child } from './child.ts';
import { type PlatformStatus, platformStatus } from './platform-status.ts';
import type { StartOptions } from './start-options.ts';

/** Longest wait for the platform: a first start creates the database. */
const platformDeadlineMs = 90_000;
/** A process that fell over is started again, but not more often than this many times a minute. */
const restartsPerMinute = 5;

/** The running platform and appliance of `npm start`. */
export class Session {
  readonly client: AdminClient;
  readonly #options: StartOptions;
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #children = new Map<string, Child>();
  readonly #crashes = new Map<string, number[]>();
  #platform: PlatformStatus | null = null;
  #appliance: ApplianceStatus | null = null;
  #failure: PicketError | null = null;
  #closing = false;

  constructor(options: StartOptions, output: Output, clock: Clock) {
    this.#options = options;
    this.#output = output;
    this.#clock = clock;
    this.client = new AdminClient(dataLayout(options.dataDirectory).platform);
  }

  /** Last status that the appliance told. */
  get appliance(): ApplianceStatus | null {
    return this.#appliance;
  }

  /** Starts the platform and waits until it serves. */
  async startPlatform(signal: AbortSignal): Promise<PlatformStatus> {
    const { listen, port } = this.#options;
    const layout = dataLayout(this.#options.dataDirectory);
    const args = ['--data', layout.platform, '--listen', listen, '--port', String(port)];
    this.#run('platform', programs.platform, args, (status) => {
      const parsed = platformStatus.safeParse(status);
      if (parsed.success) this.#platform = parsed.data;
    });
    return this.waitFor('The platform', () => this.#platform, platformDeadlineMs, signal);
  }

  /** Starts the appliance, which enrols itself at `enrolment` if it is new. */
  startAppliance(enrolment: string): void {
    const layout = dataLayout(this.#options.dataDirectory);
    const args = [
      '--state',
      layout.appliance,
      '--enrolment',
      enrolment,
      '--content',
      join(projectRoot, 'content'),
      '--json',
    ];
    this.#run('appliance', programs.appliance, args, (status) => {
      const parsed = applianceStatus.safeParse(status);
      if (parsed.success) this.#appliance = parsed.data;
    });
  }

  /** Waits until `read` gives something; fails with what happened to the processes meanwhile. */
  async waitFor<T>(what: string, read: () => T | null, deadlineMs: number, signal: AbortSignal): Promise<T> {
    const started = this.#clock.monotonic();
    for (;;) {
      if (this.#failure) throw this.#failure;
      const value = read();
      if (value !== null) return value;
      if (this.#clock.monotonic() - started > deadlineMs) {
        throw new PicketError({
          code: 'start.deadline',
          kind: 'operational',
          message: `${what} did not get ready within ${deadlineMs / 1000} s.`,
          hint: `The logs in ${dataLayout(this.#options.dataDirectory).logs} say why.`,
        });
      }
      await this.#clock.sleep(50, signal);
    }
  }

  /** Stops the appliance first, then the platform, so that its last results still arrive. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const name of ['appliance', 'platform']) await this.#children.get(name)?.stop(8000);
  }

  #run(name: string, main: string, args: readonly string[], onStatus: (status: unknown) => void): void {
    const logFile = join(dataLayout(this.#options.dataDirectory).logs, `${name}.log`);
    const child = new Child({ name, main, args, logFile, onStatus, onExit: (how) => this.#crashed(name, how) });
    this.#children.set(name, child);
    child.start();
  }

  /** A process ended unasked: before it was ever ready that is final, later it is started again. */
  #crashed(name: string, how: string): void {
    if (this.#closing) return;
    const logFile = join(dataLayout(this.#options.dataDirectory).logs, `${name}.log`);
    const now = this.#clock.monotonic();
    const recent = [...(this.#crashes.get(name) ?? []), now].filter((at) => now - at < 60_000);
    this.#crashes.set(name, recent);
    const wasReady = name === 'platform' ? this.#platform !== null : this.#appliance !== null;
    if (!wasReady || recent.length > restartsPerMinute) {
      this.#failure = new PicketError({
        code: 'start.process-ended',
        kind: 'operational',
        message: `The ${name} ended by itself (${how}).`,
        hint: `The end of ${logFile} says why.`,
      });
      return;
    }
    this.#output.err(`The ${name} ended by itself (${how}); starting it again. Log: ${logFile}\n`);
    this.#children.get(name)?.start();
  }

  /** The failure that ends the session, if there is one. */
  get failure(): PicketError | null {
    return this.#failure;
  }
}
