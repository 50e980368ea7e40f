import { err, ok, type Result } from '@picket/base/result';
import { parseEnrolment } from '@picket/contracts/enrolment';
import type { DaemonConfig } from '../config.ts';
import type { Daemon } from '../daemon.ts';

/** What a session needs of its surroundings. */
export interface SessionDeps {
  readonly start: (config: DaemonConfig) => Promise<Daemon>;
  /** A daemon runs: its consoles are served from now on. */
  readonly onDaemon: (daemon: Daemon) => Promise<void>;
  /** No platform is known and one may be set at the console: consoles are served without a daemon until `end`. */
  readonly onNoPlatform: () => Promise<{ end(): Promise<void> }>;
  /** Whether `start` failed because no platform is known. */
  readonly isNotEnrolled: (error: unknown) => boolean;
}

/** The life of the appliance's process: one daemon after the other, as the platform is set at the console. */
export class ApplianceSession {
  readonly #deps: SessionDeps;
  readonly #config: DaemonConfig;
  #daemon: Daemon | null = null;
  #next: string | null = null;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(config: DaemonConfig, deps: SessionDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  /** Runs until `stop`; rejects when the appliance can't be started or go on. */
  async run(): Promise<void> {
    let config = this.#config;
    while (!this.#stopped) {
      const daemon = await this.#start(config).catch((error: unknown) => {
        // A platform that was set at the console must not end an appliance that could run with the one before.
        if (config === this.#config) throw error;
        return 'refused' as const;
      });
      if (daemon === 'refused') {
        config = this.#config;
        continue;
      }
      if (daemon === null) {
        await this.#awaitPlatform();
      } else {
        this.#daemon = daemon;
        await this.#deps.onDaemon(daemon);
        if (this.#stopped) await daemon.stop();
        await daemon.done;
        this.#daemon = null;
        if (this.#next === null) return;
      }
      config = { ...config, enrolment: this.#next ?? config.enrolment };
      this.#next = null;
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
    void this.#daemon?.stop();
  }

  /** Another platform, confirmed at the console. An activated appliance stays with the one it has. */
  async enrol(enrolment: string): Promise<Result<null, string>> {
    const parsed = parseEnrolment(enrolment);
    if (!parsed.ok) return err(parsed.error);
    if (this.#daemon?.status().name) return err('The appliance is activated: it belongs to its platform.');
    this.#next = enrolment;
    this.#wake();
    await this.#daemon?.stop();
    return ok(null);
  }

  async #start(config: DaemonConfig): Promise<Daemon | null> {
    try {
      return await this.#deps.start(config);
    } catch (error) {
      if (config.awaitPlatform && this.#deps.isNotEnrolled(error)) return null;
      throw error;
    }
  }

  async #awaitPlatform(): Promise<void> {
    const serving = await this.#deps.onNoPlatform();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#stopped || this.#next !== null) resolve();
    });
    await serving.end();
  }
}
