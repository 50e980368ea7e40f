import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Dialer } from '@picket/base/dialer';
import { compileCheck } from '@picket/checks/compile-check';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { scriptThreads } from '../adapters/script-thread.ts';
import { type CheckLimits, checkSession, defaultCheckLimits } from '../checks/check-session.ts';
import { loginTriesOf, memoryLoginTries } from '../checks/login-tries.ts';
import { type ProgramOutcome, runProgram } from '../checks/program/run-program.ts';

const scripts = scriptThreads();

/** Where a template runs and with what; the defaults are those of a scan. */
export interface TemplateRun {
  readonly port: number;
  readonly dialer?: Dialer;
  readonly exchangesPerHost?: number;
  readonly limits?: Partial<CheckLimits>;
  readonly loginTries?: number;
  readonly signal?: AbortSignal;
  readonly tls?: boolean;
}

/** Runs a template against a port of loopback with real sockets and sandboxes. Throws when it does not compile. */
export async function runTemplate(source: string, at: TemplateRun): Promise<ProgramOutcome> {
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const signal = at.signal ?? new AbortController().signal;
  const tools = { dialer: at.dialer ?? nodeSockets(), clock: systemClock, random: systemRandom, signal };
  const endpoint = { address: '127.0.0.1', name: null, port: at.port, tls: at.tls ?? false };
  const limits = {
    ...defaultCheckLimits,
    ...at.limits,
    exchangesPerHost: at.exchangesPerHost ?? defaultCheckLimits.exchangesPerHost,
  };
  const logins = loginTriesOf(memoryLoginTries(), '127.0.0.1', () => systemClock.now(), at.loginTries);
  return runProgram(
    compiled.value.program(),
    endpoint,
    checkSession(tools, limits, new Map(), undefined, { scripts, logins }),
  );
}

/** A template with one script; `lines` follow its `code`. */
export function scriptTemplate(code: string, lines: string): string {
  const indented = code
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
  return `id: tried\ninfo:\n  name: Tried\n  severity: low\njavascript:\n  - code: |\n${indented}\n    args:\n      Host: "{{Host}}"\n      Port: "{{Port}}"\n${lines}`;
}
