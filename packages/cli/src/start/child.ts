import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

export interface ChildSpec {
  readonly name: string;
  /** Source file that the bundled Node.js runs, and its arguments. */
  readonly main: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Standard error goes to the end of this file. */
  readonly logFile: string;
  /** Called with every JSON line of standard output. */
  readonly onStatus: (status: unknown) => void;
  /** Called when the process ended without having been asked. */
  readonly onExit: (how: string) => void;
}

/** One of the processes that `npm start` runs: status lines on its standard output, its log in a file. */
export class Child {
  readonly #spec: ChildSpec;
  readonly #log: WriteStream;
  #process: ChildProcess | null = null;
  #stopping = false;

  constructor(spec: ChildSpec) {
    this.#spec = spec;
    mkdirSync(dirname(spec.logFile), { recursive: true, mode: 0o700 });
    this.#log = createWriteStream(spec.logFile, { flags: 'a', mode: 0o600 });
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(): void {
    const { main, args, env } = this.#spec;
    // A process group of its own: Ctrl-C reaches this program alone, which stops the others in order.
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: env ?? process.env,
    });
    this.#process = child;
    child.stderr?.pipe(this.#log, { end: false });
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#line(line));
    child.on('error', (error) => this.#ended(error.message));
    child.on('exit', (code, signal) => this.#ended(signal ? `signal ${signal}` : `exit code ${code}`));
  }

  /** Asks it to end, and ends it after `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
      await ended;
      clearTimeout(timer);
    }
    await new Promise<void>((resolve) => this.#log.end(() => resolve()));
  }

  #line(line: string): void {
    let status: unknown;
    try {
      status = JSON.parse(line);
    } catch {
      this.#log.write(`${line}\n`);
      return;
    }
    this.#spec.onStatus(status);
  }

  #ended(how: string): void {
    this.#process = null;
    if (!this.#stopping) this.#spec.onExit(how);
  }
}
