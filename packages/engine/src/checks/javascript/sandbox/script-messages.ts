/** A value that crosses the border of the sandbox: plain data, nothing with behaviour. */
export type ScriptValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly ScriptValue[]
  | { readonly [key: string]: ScriptValue };

/** A script to run, with the variables that it starts with. */
export interface ScriptJob {
  /** A flow keeps its thread while the blocks that it calls run, scripts among them: each kind waits for threads of its own. */
  readonly kind: 'flow' | 'block';
  readonly source: string;
  readonly variables: Readonly<Record<string, ScriptValue>>;
  /** Functions without arguments' limits that call the host by their own name: `http`, `dns` of a flow. */
  readonly calls: readonly string[];
}

/** What the host answers to a call of a script. */
export type HostAnswer =
  | { readonly ok: true; readonly value: ScriptValue }
  | { readonly ok: false; readonly message: string };

/** Answers a call of a script; `name` is `ssh.SSHClient.Connect` or `isPortOpen`. Never rejects. */
export type HostCall = (name: string, args: readonly ScriptValue[]) => Promise<HostAnswer>;

/** How a script ended. */
export type ScriptOutcome =
  | {
      readonly kind: 'done';
      /** What it exported, else the value of its last statement. */
      readonly response: ScriptValue;
      /** The response is true in the sense of the language. */
      readonly success: boolean;
      /** What `ExportAs` named. */
      readonly named: Readonly<Record<string, string>>;
    }
  /** An exception that it did not catch. */
  | { readonly kind: 'threw'; readonly message: string }
  /** It called `exit`. */
  | { readonly kind: 'ended' }
  /** It met a limit, or the check was cancelled. */
  | { readonly kind: 'stopped'; readonly limit: 'time' | 'memory' | 'calls' | 'cancelled'; readonly detail: string };

/** Runs scripts, each in a fresh sandbox. */
export interface ScriptRunner {
  run(job: ScriptJob, call: HostCall, signal: AbortSignal): Promise<ScriptOutcome>;
}

/** From the thread of the sandbox. */
export type ThreadReport =
  | { readonly kind: 'call'; readonly name: string; readonly args: string }
  | { readonly kind: 'end'; readonly outcome: ScriptOutcome };

/** To the thread of the sandbox. */
export type ThreadRequest =
  | { readonly kind: 'run'; readonly job: ScriptJob }
  | { readonly kind: 'answer'; readonly answer: HostAnswer };
