import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { scriptLimits, type ScriptPatience, scriptPatience } from '../checks/javascript/sandbox/script-limits.ts';
import type {
  HostAnswer,
  HostCall,
  ScriptJob,
  ScriptOutcome,
  ScriptRunner,
  ThreadReport,
  ThreadRequest,
} from '../checks/javascript/sandbox/script-messages.ts';
import { parseScriptValue } from '../checks/javascript/sandbox/value-text.ts';
import { Semaphore } from '../run/semaphore.ts';

/** The engine of the sandbox itself needs little; what the script needs is counted by the sandbox. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 96 };

/**
 * Runs scripts in threads of their own, so that a script can neither stop the scan nor outlive its limits: one that stays silent too
 * long is ended with its thread. Threads are made when they are needed and end after a while without work.
 */
export function scriptThreads(patience: ScriptPatience = scriptPatience): ScriptRunner {
  let wasm: WebAssembly.Module | null = null;
  const idle: ScriptThread[] = [];
  const places = { flow: new Semaphore(scriptLimits.threads), block: new Semaphore(scriptLimits.threads) };

  const open = () => {
    wasm ??= new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'))));
    return new ScriptThread(wasm, patience, (thread) => {
      const at = idle.indexOf(thread);
      if (at >= 0) idle.splice(at, 1);
    });
  };
  /** One whose time of idling is just over leaves the list only when it has ended. */
  const takeIdle = (): ScriptThread | undefined => {
    const thread = idle.pop();
    return thread === undefined || thread.alive ? thread : takeIdle();
  };
  return {
    async run(job, call, signal) {
      const leave = await places[job.kind].enter(signal).catch(() => null);
      if (leave === null) return cancelled;
      try {
        const thread = takeIdle() ?? open();
        const outcome = await thread.run(job, call, signal);
        if (thread.alive) idle.push(thread);
        return outcome;
      } finally {
        leave();
      }
    },
  };
}

/** Starting a thread takes its time on a busy machine, milliseconds. */
const startMs = 10_000;

const cancelled: ScriptOutcome = { kind: 'stopped', limit: 'cancelled', detail: '' };

/** One thread, for one script at a time. */
class ScriptThread {
  readonly #worker: Worker;
  readonly #wake = new Int32Array(new SharedArrayBuffer(4));
  readonly #patienceMs: number;
  #alive = true;
  #started = false;
  #timer: NodeJS.Timeout | null = null;
  #onReport: (report: ThreadReport | null) => void = () => {};

  constructor(wasm: WebAssembly.Module, patience: ScriptPatience, onEnd: (thread: ScriptThread) => void) {
    this.#patienceMs = patience.computeMs + patience.graceMs;
    this.#worker = new Worker(new URL('./script-worker.ts', import.meta.url), {
      workerData: { wasm, wake: this.#wake, computeMs: patience.computeMs },
      resourceLimits,
      // A thread shares neither environment nor output with the process.
      env: {},
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (report: ThreadReport) => this.#onReport(report));
    const ended = () => {
      this.#alive = false;
      this.#onReport(null);
      onEnd(this);
    };
    this.#worker.on('error', ended);
    this.#worker.on('exit', ended);
  }

  get alive(): boolean {
    return this.#alive;
  }

  async run(job: ScriptJob, call: HostCall, signal: AbortSignal): Promise<ScriptOutcome> {
    this.#worker.ref();
    const onAbort = () => this.#end();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.#talk(job, call, signal);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#onReport = () => {};
      this.#watch(scriptLimits.idleMs);
      this.#worker.unref();
    }
  }

  #talk(job: ScriptJob, call: HostCall, signal: AbortSignal): Promise<ScriptOutcome> {
    return new Promise((resolve) => {
      this.#onReport = (report) => {
        if (report === null) return resolve(signal.aborted ? cancelled : this.#silent());
        if (report.kind === 'end') return resolve(report.outcome);
        this.#stopWatching();
        void answerOf(call, report.name, report.args).then((answer) => {
          this.#watch(this.#patienceMs);
          this.#send({ kind: 'answer', answer });
        });
      };
      // A new thread has to start first, which takes its time on a busy machine.
      this.#watch(this.#patienceMs + (this.#started ? 0 : startMs));
      this.#started = true;
      this.#send({ kind: 'run', job });
    });
  }

  #silent(): ScriptOutcome {
    const detail = `it could not be interrupted within ${this.#patienceMs} ms`;
    return { kind: 'stopped', limit: 'time', detail };
  }

  #send(request: ThreadRequest): void {
    if (!this.#alive) return;
    this.#worker.postMessage(request);
    Atomics.add(this.#wake, 0, 1);
    Atomics.notify(this.#wake, 0);
  }

  /** Ends the thread unless something is heard of it within so many milliseconds. */
  #watch(milliseconds: number): void {
    this.#stopWatching();
    if (!this.#alive) return;
    this.#timer = setTimeout(() => this.#end(), milliseconds);
    if (milliseconds === scriptLimits.idleMs) this.#timer.unref();
  }

  #stopWatching(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #end(): void {
    this.#stopWatching();
    this.#alive = false;
    void this.#worker.terminate();
  }
}

async function answerOf(call: HostCall, name: string, args: string): Promise<HostAnswer> {
  const values = parseScriptValue(args);
  if (!Array.isArray(values)) return { ok: false, message: 'the arguments are no values' };
  try {
    return await call(name, values);
  } catch {
    return { ok: false, message: 'a fault of the scanner' };
  }
}
