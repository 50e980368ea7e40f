import { type JSValueHandle, QuickJS } from 'quickjs-wasi';
import { scriptGlobals, scriptModules } from '@picket/checks/script/script-modules';
import { prelude } from './prelude.ts';
import { scriptLimits } from './script-limits.ts';
import type { HostAnswer, ScriptJob, ScriptOutcome, ScriptValue } from './script-messages.ts';
import { parseScriptValue, scriptValueText } from './value-text.ts';

/** What a sandbox needs from its thread. */
export interface SandboxTools {
  readonly wasm: WebAssembly.Module;
  /** Answers a call and blocks until then. `args` is JSON. */
  readonly call: (name: string, args: string) => HostAnswer;
  readonly computeMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

const tableText = JSON.stringify(scriptModules);

/** Runs one script in a fresh sandbox, which is gone afterwards. Never throws on what the script does. */
export async function runScript(job: ScriptJob, tools: SandboxTools): Promise<ScriptOutcome> {
  const meter = new Meter(tools);
  const vm = await QuickJS.create({
    wasm: tools.wasm,
    memoryLimit: scriptLimits.memoryBytes,
    maxStackSize: 262_144,
    timezoneOffset: 0,
    interruptHandler: () => meter.spent(),
  });
  try {
    return execute(vm, job, meter);
  } catch (error) {
    return meter.ending(error instanceof Error ? `${error.name}: ${error.message}` : 'an unknown fault');
  } finally {
    vm.dispose();
  }
}

/** Counts what a script uses up, and says why it ended. */
class Meter {
  readonly #tools: SandboxTools;
  #deadline: number;
  #calls = 0;
  #stop: 'time' | 'calls' | 'exit' | null = null;

  constructor(tools: SandboxTools) {
    this.#tools = tools;
    this.#deadline = tools.now() + tools.computeMs;
  }

  spent(): boolean {
    if (this.#stop === null && this.#tools.now() > this.#deadline) this.#stop = 'time';
    return this.#stop !== null;
  }

  /** Passes a call on; the time until its answer is not the script's. */
  call(name: string, args: string): HostAnswer {
    this.#calls += 1;
    if (name === 'exit') this.#stop ??= 'exit';
    else if (this.#calls > scriptLimits.calls) this.#stop ??= 'calls';
    if (this.#stop !== null) return { ok: false, message: 'the script has ended' };
    if (args.length > scriptLimits.messageCharacters) return { ok: false, message: 'the arguments are too long' };
    const start = this.#tools.now();
    const answer = this.#tools.call(name, args);
    this.#deadline += this.#tools.now() - start;
    return answer;
  }

  ending(message: string): ScriptOutcome {
    if (this.#stop === 'exit') return { kind: 'ended' };
    if (this.#stop === 'time')
      return { kind: 'stopped', limit: 'time', detail: `it computed longer than ${this.#tools.computeMs} ms` };
    if (this.#stop === 'calls')
      return { kind: 'stopped', limit: 'calls', detail: `it made more than ${scriptLimits.calls} calls` };
    if (/out of memory/.test(message))
      return { kind: 'stopped', limit: 'memory', detail: `it needs more than ${scriptLimits.memoryBytes} bytes` };
    return { kind: 'threw', message: message.slice(0, 300) };
  }
}

function execute(vm: QuickJS, job: ScriptJob, meter: Meter): ScriptOutcome {
  const host = vm.newFunction('host', (name, args) => {
    // Both are texts that the prelude made; nothing of the script runs in here.
    const asked = name !== undefined && args !== undefined && name.isString && args.isString;
    const answer: HostAnswer = asked
      ? meter.call(name.toString(), args.toString())
      : { ok: false, message: 'a call must have a name and arguments' };
    return vm.newString(answer.ok ? `v${scriptValueText(answer.value)}` : `e${answer.message}`);
  });
  const setUp = vm.evalCode(prelude, 'sandbox');
  const tables = vm.evalCode(`[${tableText}, ${JSON.stringify([...scriptGlobals, ...job.calls])}]`, 'tables');
  const finish = vm.callFunction(setUp, vm.undefined, host, tables.getProp('0'), tables.getProp('1'));
  for (const [name, value] of Object.entries(job.variables)) vm.setProp(vm.global, name, vm.hostToHandle(value));
  const last = vm.evalCode(job.source, 'template');
  vm.executePendingJobs();
  return outcomeOf(vm.callFunction(finish, vm.undefined, last), meter);
}

function outcomeOf(handle: JSValueHandle, meter: Meter): ScriptOutcome {
  if (meter.spent()) return meter.ending('');
  const ended =
    handle.isString && handle.length <= scriptLimits.messageCharacters ? parseScriptValue(handle.toString()) : null;
  if (!Array.isArray(ended)) return { kind: 'stopped', limit: 'memory', detail: 'its result is too large' };
  const [response, success, named]: readonly ScriptValue[] = ended;
  return { kind: 'done', response: response ?? null, success: success === true, named: textsOf(named) };
}

function textsOf(value: ScriptValue | undefined): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (typeof item === 'string' ? [[key, item] as const] : [])),
  );
}
