import type { Payloads } from '@picket/checks/protocols/payloads';
import type { Result } from '@picket/base/result';
import type { CheckFailure } from '../../check-failure.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';

/** What the `init` of a block made of its payloads and variables. */
export interface InitGiven {
  readonly payloads: Payloads | null;
  /** What it gave with `set`. */
  readonly variables: ReadonlyMap<string, ScriptValue>;
}

/** How an `init` ended: what it gave, or why its check can't be judged. */
export type InitOutcome = Result<InitGiven, CheckFailure>;

/** The `init` scripts of one scan: each runs once, however many hosts and payloads its block is run for. */
export class ScriptInits {
  readonly #outcomes = new Map<string, Promise<InitOutcome>>();

  /**
   * The outcome under a key; `run` makes it where there is none. A run that was cancelled with its host counts for nobody else: whoever
   * waited for it and is not cancelled runs it again.
   */
  async get(key: string, run: () => Promise<InitOutcome>, signal: AbortSignal): Promise<InitOutcome> {
    for (;;) {
      const known = this.#outcomes.get(key);
      const asked = known ?? run();
      if (known === undefined) this.#outcomes.set(key, asked);
      const outcome = await asked;
      if (outcome.ok || outcome.error.reason !== 'cancelled') return outcome;
      if (this.#outcomes.get(key) === asked) this.#outcomes.delete(key);
      if (signal.aborted || known === undefined) return outcome;
    }
  }
}
