import type { RunningProcess } from '@picket/testkit/running-process';

/** Starts a program somewhere: on this machine, or in a namespace of a lab with this machine's own files. */
export type Launch = (argv: readonly string[], env: Readonly<Record<string, string>>) => RunningProcess;

/** The proxy of the machine that tests run on leads out of their networks. */
const noSystemProxy = Object.fromEntries(
  ['https_proxy', 'all_proxy', 'http_proxy', 'no_proxy'].flatMap((name) => [
    [name, ''],
    [name.toUpperCase(), ''],
  ]),
);

/** A program that a test starts, kills and starts again. */
export class Program implements AsyncDisposable {
  readonly #launch: Launch;
  readonly #argv: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #running: RunningProcess | null = null;
  #log = '';

  constructor(launch: Launch, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#launch = launch;
    this.#argv = argv;
    this.#env = env;
  }

  get pid(): number {
    if (!this.#running) throw new Error('the program does not run');
    return this.#running.pid;
  }

  /** Everything that all its runs wrote. */
  get log(): string {
    return this.#log + (this.#running?.output() ?? '');
  }

  /** Starts it and waits until it wrote `ready`. */
  async start(ready: RegExp, deadlineMs = 60_000): Promise<RegExpMatchArray> {
    this.#running = this.#launch(this.#argv, { ...noSystemProxy, ...this.#env });
    return this.#running.waitFor(ready, deadlineMs);
  }

  /** Waits until the present run wrote `pattern`. */
  async waitFor(pattern: RegExp, deadlineMs = 60_000): Promise<RegExpMatchArray> {
    if (!this.#running) throw new Error('the program does not run');
    return this.#running.waitFor(pattern, deadlineMs);
  }

  /** Ends it by a signal and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = null;
    await running.stop(signal);
    this.#log += running.output();
  }

  /** Ends it in order, or after ten seconds at any rate. */
  async end(): Promise<void> {
    const running = this.#running;
    const timer = setTimeout(() => running?.child.kill('SIGKILL'), 10_000);
    await this.stop('SIGTERM');
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
  }
}
