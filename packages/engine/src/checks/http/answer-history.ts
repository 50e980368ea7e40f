import type { DslScope, DslValue } from '@picket/checks/dsl/value';

/** The variables of the answers to a block's requests, by number: `body_2` is `body` of the second one. */
export class AnswerHistory implements DslScope {
  readonly #answers = new Map<number, DslScope>();

  /** `index` from 1. What an earlier answer to the same request had and this one lacks stays. */
  add(index: number, facts: DslScope): void {
    const before = this.#answers.get(index);
    this.#answers.set(index, before === undefined ? facts : new Map([...before, ...facts]));
  }

  get(name: string): DslValue | undefined {
    const end = lastNumberAt(name);
    return end < 1 ? undefined : this.#answers.get(Number(name.slice(end + 1)))?.get(name.slice(0, end));
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *[Symbol.iterator](): Iterator<readonly [string, DslValue]> {
    for (const [index, facts] of this.#answers) for (const [name, value] of facts) yield [`${name}_${index}`, value];
  }
}

/** Where the `_` stands that a number without leading zeros follows to the end; -1: nowhere. */
function lastNumberAt(name: string): number {
  let at = name.length - 1;
  while (at >= 0 && isDigit(name.charCodeAt(at))) at -= 1;
  const numbered = at < name.length - 1 && name[at] === '_' && name[at + 1] !== '0';
  return numbered ? at : -1;
}

const isDigit = (code: number) => code >= 48 && code <= 57;
