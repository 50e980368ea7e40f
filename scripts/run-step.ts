import { spawn } from 'node:child_process';

export interface StepOutcome {
  readonly code: number;
  readonly seconds: number;
  /** Standard output and error as they came, only when captured. */
  readonly output: string;
  /** Standard output alone, only when captured. */
  readonly stdout: string;
}

/** Runs one program to its end, without a shell. Output goes through, or is captured. */
export function runStep(
  command: string,
  args: readonly string[],
  options: { cwd: string; capture?: boolean; env?: NodeJS.ProcessEnv },
): Promise<StepOutcome> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      stdout += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? 1, seconds: (performance.now() - started) / 1000, output, stdout }),
    );
  });
}
