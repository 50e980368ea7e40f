import { flowFunctions } from './flow-functions.ts';
import type { JqFunction } from './function.ts';
import { listFunctions } from './list-functions.ts';
import { jqTextFunctions } from './text-functions.ts';

/** Every function by `name/number of arguments`. A filter that uses another one is reported as unsupported. */
export const jqFunctions: ReadonlyMap<string, JqFunction> = new Map(
  Object.entries({ ...listFunctions, ...jqTextFunctions, ...flowFunctions }),
);
