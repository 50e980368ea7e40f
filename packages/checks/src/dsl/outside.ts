import { DslFault, type DslValue, textOf } from './value.ts';

/** Something that an expression wants to know from the network, or a pause. */
export interface OutsideQuestion {
  readonly name: OutsideName;
  readonly args: readonly string[];
}

export type OutsideName = 'resolve' | 'wait_for' | 'jarm';

/**
 * Answers from outside, for functions that cannot be worked out from their arguments. Evaluation never waits: a function whose
 * answer is not there yet notes its question and fails, the runtime asks, and evaluates again.
 */
export class OutsideAnswers {
  readonly #answers = new Map<string, DslValue | null>();
  readonly #pending = new Map<string, OutsideQuestion>();

  /** The answer, or a fault: it is not there (yet). */
  ask(name: OutsideName, args: readonly DslValue[]): DslValue {
    const question = { name, args: args.map(textOf) };
    const key = keyOf(question);
    const known = this.#answers.get(key);
    if (known === undefined) this.#pending.set(key, question);
    if (known === undefined || known === null) throw new DslFault(`${name} has no answer`);
    return known;
  }

  /** Questions that were asked since the last call. */
  take(): readonly OutsideQuestion[] {
    const questions = [...this.#pending.values()];
    this.#pending.clear();
    return questions;
  }

  /** Null: there is no answer, and the function fails. */
  answer(question: OutsideQuestion, value: DslValue | null): void {
    this.#answers.set(keyOf(question), value);
  }
}

function keyOf(question: OutsideQuestion): string {
  return JSON.stringify([question.name, question.args]);
}
