import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { evaluate } from '@picket/checks/dsl/evaluate';
import { parseDsl } from '@picket/checks/dsl/parser';
import { z } from 'zod';

const expected = z.array(z.object({ expr: z.string(), value: z.unknown() }));

/** How many expressions of `dsl-expected.json` give the value that stands there. */
export interface DslReport {
  readonly total: number;
  readonly right: number;
  readonly faults: readonly string[];
}

export function runDslCases(folder: string): DslReport {
  const cases = expected.parse(JSON.parse(readFileSync(join(folder, 'dsl-expected.json'), 'utf8')));
  const faults = cases.flatMap(({ expr, value }) => {
    const got = valueOf(expr);
    return isDeepStrictEqual(got, value) ? [] : [`${expr}: ${JSON.stringify(got)} instead of ${JSON.stringify(value)}`];
  });
  return { total: cases.length, right: cases.length - faults.length, faults };
}

function valueOf(expression: string): unknown {
  const node = parseDsl(expression);
  if (!node.ok) return { fault: node.error };
  const value = evaluate(node.value, new Map(), { random: systemRandom, now: () => systemClock.now() });
  return value.ok ? value.value : { fault: value.error.reason };
}
