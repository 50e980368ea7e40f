import { textOf } from '@picket/checks/dsl/value';
import type { JudgedAnswer } from '../program/program-run.ts';

/** Variables that one step hands on: more are dropped. */
const mostValues = 100;

/** Variables for the parts that follow; byte strings. */
export type HandedValues = ReadonlyMap<string, string>;

/**
 * What all answers of a step hand on to the steps after it: of each extractor with a name its value; of several values each as
 * `name0`, `name1` and so on, and all of them as the text of a list, `[one two]`. A later answer takes the place of an earlier one.
 */
export function valuesOf(judged: readonly JudgedAnswer[]): HandedValues {
  const values = new Map<string, string>();
  for (const { shown } of judged) {
    for (const [name, found] of shown) {
      const single = found.length === 1 ? found[0] : undefined;
      values.set(name, single ?? textOf(found));
      for (const [index, value] of single === undefined ? found.entries() : [])
        if (values.size < mostValues) values.set(`${name}${index}`, value);
    }
  }
  return values;
}

/** What one answer hands on to the steps after a matcher: as in the format's own runtime the text of a list, `[one]`, always. */
export function valuesOfAnswer({ shown }: JudgedAnswer): HandedValues {
  return new Map([...shown].map(([name, found]) => [name, textOf(found)]));
}
