import { type ChildProcess, spawn } from 'node:child_process';

/** A program that a test started and watches. Whoever started it must stop it. */
export interface RunningProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Everything it has written to standard output and error so far (last 64 KiB). */
  output(): string;
  /** Resolves with the first match in the output; rejects when the process ends or `deadlineMs` (default 10 s) passes without one. */
  waitFor(pattern: RegExp, deadlineMs?: number): Promise<RegExpMatchArray>;
  /** Sends a signal (default SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** How a program is started. */
export interface StartOptions {
  /** As a terminal has it: a process group of its own, and `stop` signals all of it. */
  readonly ownGroup?: boolean;
}

/** Starts a program from an argument array (never through a shell), with this process's environment and `env`. */
export function startProcess(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { ownGroup = false }: StartOptions = {},
): RunningProcess {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('cannot start an empty command: name a program');
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: ownGroup,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${argv.join(' ')}`);
  let seen = '';
  const listeners = new Set<() => void>();
  const take = (chunk: Buffer) => {
    seen = (seen + chunk.toString('utf8')).slice(-65_536);
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    pid,
    child,
    exited,
    output: () => seen,
    waitFor: (pattern, deadlineMs = 10_000) =>
      waitForOutput({ pattern, deadlineMs, listeners, exited, seen: () => seen }),
    stop: (signal = 'SIGTERM') => {
      if (ownGroup && child.exitCode === null && child.signalCode === null) process.kill(-pid, signal);
      else child.kill(signal);
      return exited;
    },
  };
}

interface OutputWait {
  readonly pattern: RegExp;
  readonly deadlineMs: number;
  readonly listeners: Set<() => void>;
  readonly exited: Promise<number | null>;
  readonly seen: () => string;
}

function waitForOutput(wait: OutputWait): Promise<RegExpMatchArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>();
  const fail = (why: string) => reject(new Error(`${why} before ${wait.pattern} was seen; output: ${wait.seen()}`));
  const look = () => {
    const match = wait.seen().match(wait.pattern);
    if (match !== null) resolve(match);
  };
  const timer = setTimeout(() => fail(`${wait.deadlineMs} ms passed`), wait.deadlineMs);
  wait.listeners.add(look);
  wait.exited.then((code) => {
    look();
    fail(`the process ended with ${code}`);
  }, reject);
  look();
  return promise.finally(() => {
    clearTimeout(timer);
    wait.listeners.delete(look);
  });
}
