import { spawn } from 'node:child_process';

/** What a finished program said. */
export interface ToolResult {
  /** Null when it was killed at its deadline. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one program from an argument array and waits for its end. The only way in which the network is changed. */
export type RunTool = (argv: readonly string[], input?: string) => Promise<ToolResult>;

/** No program of ours needs longer, not even for thousands of VLANs. */
const deadlineMs = 180_000;
const mostOutputBytes = 64 * 1024 * 1024;
/** Whatever this process's own environment is. */
export const toolEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

export const runTool: RunTool = ([program = '', ...args], input = '') =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: toolEnvironment });
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= mostOutputBytes) said[name].push(chunk);
      });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new Error(`the program ${program} can't be started: ${cause.message}`, { cause }));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ code, stdout: text(said.stdout), stderr: text(said.stderr) });
    });
  });
