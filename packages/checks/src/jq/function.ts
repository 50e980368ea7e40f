import type { JqNode } from './node.ts';
import { JqFault, JqLimit, type JqValue, typeName } from './value.ts';

/** What one run of a filter may cost. */
export class JqMeter {
  #steps = 100_000;
  #bytes = 16_777_216;

  step(): void {
    this.#steps -= 1;
    if (this.#steps < 0) throw new JqLimit('the filter takes too many steps');
  }

  /** Counts what a filter builds, so that it cannot grow without end. */
  built(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw new JqLimit('the filter builds too much');
  }
}

/** How a function runs the filters that it got as arguments, with the variables of its caller. */
export interface JqCaller {
  readonly meter: JqMeter;
  run(node: JqNode, input: JqValue): Iterable<JqValue>;
}

/** A function of jq: its arguments are filters. */
export type JqFunction = (input: JqValue, args: readonly JqNode[], caller: JqCaller) => Iterable<JqValue>;

/** A function of the input alone. */
export const ofInput =
  (run: (input: JqValue) => JqValue): JqFunction =>
  (input) => [run(input)];

/** A function of the input and the values of its arguments: run for each combination of them. */
export const ofValues = (run: (input: JqValue, args: readonly JqValue[]) => JqValue): JqFunction =>
  function* (input, args, caller) {
    for (const values of combinations(input, args, caller)) yield run(input, values);
  };

function* combinations(input: JqValue, args: readonly JqNode[], caller: JqCaller): Generator<JqValue[]> {
  const [first, ...rest] = args;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of caller.run(first, input))
    for (const others of combinations(input, rest, caller)) yield [value, ...others];
}

/** The first value of a filter. */
export function firstOf(values: Iterable<JqValue>): JqValue | undefined {
  for (const value of values) return value;
  return undefined;
}

export function listOf(value: JqValue): readonly JqValue[] {
  if (Array.isArray(value)) return value;
  throw new JqFault(`${typeName(value)} is no array`);
}

export function stringOf(value: JqValue): string {
  if (typeof value === 'string') return value;
  throw new JqFault(`${typeName(value)} is no string`);
}

export function numberIn(value: JqValue): number {
  if (typeof value === 'number') return value;
  throw new JqFault(`${typeName(value)} is no number`);
}
