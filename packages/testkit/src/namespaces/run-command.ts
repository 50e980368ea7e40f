import { spawn } from 'node:child_process';

/** What a finished command said. Output is cut at {@link maxOutputBytes}; a command that was killed has code null. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command runs. `timeoutMs` is a total deadline, after which the command is killed (default 20 s). */
export interface CommandOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const maxOutputBytes = 4 * 1024 * 1024;

/**
 * Runs one command from an argument array (never through a shell) and waits for its end. A non-zero exit code is a result, not an error;
 * rejects only when the program cannot be started.
 */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program, ...args] = argv;
  if (program === undefined) return Promise.reject(new Error('cannot run an empty command: name a program'));
  const deadline = AbortSignal.timeout(options.timeoutMs ?? 20_000);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.once('error', (cause) => {
      signal.removeEventListener('abort', kill);
      reject(new Error(`cannot run ${program}: ${cause.message}`, { cause }));
    });
    child.once('close', (code) => {
      signal.removeEventListener('abort', kill);
      resolve({ code, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** Runs a command that must succeed and returns its standard output; the error names the command and what it said. */
export async function mustRun(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runCommand(argv, options);
  if (result.code === 0) return result.stdout;
  const ending = result.code === null ? 'was killed (deadline or cancelled)' : `ended with code ${result.code}`;
  throw new Error(`${argv.join(' ')}: ${ending}: ${(result.stderr || result.stdout).trim().slice(-2000)}`);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < maxOutputBytes) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
