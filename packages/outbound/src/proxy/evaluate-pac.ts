import { type JSValueHandle, QuickJS } from 'quickjs-wasi';
import { pacFunctions } from './pac-functions.ts';
import { pacLimits } from './pac-script.ts';

/** One evaluation, with the names that are known so far. */
export interface PacJob {
  readonly script: string;
  readonly url: string;
  readonly host: string;
  /** IPv4 address of each name, or null where it has none. */
  readonly names: ReadonlyMap<string, string | null>;
  readonly ownAddress: string;
  /** Wall clock, milliseconds, and what of it is local time: minutes behind UTC. */
  readonly now: number;
  readonly offsetMinutes: number;
}

/** `ask`: the script wants to know a name; it is to be run again with it. */
export type PacOutcome =
  | { readonly kind: 'found'; readonly result: string }
  | { readonly kind: 'ask'; readonly name: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Runs the script in a fresh sandbox. Whatever it does, it ends: in time unless a built-in function does not return. `monotonic` is in milliseconds. */
export async function evaluatePac(job: PacJob, wasm: WebAssembly.Module, monotonic: () => number): Promise<PacOutcome> {
  const end = monotonic() + pacLimits.computeMs;
  const timezoneOffset = 0;
  const interruptHandler = () => monotonic() > end;
  const limits = { memoryLimit: pacLimits.memoryBytes, maxStackSize: 262_144 };
  const vm = await QuickJS.create({ wasm, ...limits, timezoneOffset, interruptHandler });
  let wanted: string | null = null;
  try {
    const resolve = vm.newFunction('resolve', (name) => {
      const host = name?.isString === true ? name.toString().slice(0, 255).toLowerCase() : '';
      const known = job.names.get(host);
      if (known === undefined && wanted === null) wanted = host;
      return typeof known === 'string' ? vm.newString(known) : vm.null;
    });
    const own = [job.now, job.offsetMinutes, job.ownAddress].map((value) => vm.hostToHandle(value));
    vm.callFunction(vm.evalCode(pacFunctions, 'functions'), vm.undefined, resolve, ...own);
    vm.evalCode(job.script, 'pac');
    const find = vm.global.getProp('FindProxyForURL');
    const answer = vm.callFunction(find, vm.undefined, vm.newString(job.url), vm.newString(job.host));
    return wanted === null ? outcomeOf(answer) : { kind: 'ask', name: wanted };
  } catch (error) {
    if (wanted !== null) return { kind: 'ask', name: wanted };
    return {
      kind: 'failed',
      reason: monotonic() > end ? `it computed longer than ${pacLimits.computeMs} ms` : told(error),
    };
  } finally {
    vm.dispose();
  }
}

function outcomeOf(answer: JSValueHandle): PacOutcome {
  if (!answer.isString) return { kind: 'failed', reason: 'FindProxyForURL gave no text' };
  if (answer.length > pacLimits.resultCharacters)
    return { kind: 'failed', reason: 'FindProxyForURL gave too long a text' };
  return { kind: 'found', result: answer.toString() };
}

function told(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}`.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
    : 'a fault';
}
