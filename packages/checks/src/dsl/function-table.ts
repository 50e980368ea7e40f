import { encodingFunctions } from './encoding-functions.ts';
import type { DslFunction } from './function.ts';
import { numberFunctions } from './number-functions.ts';
import { textFunctions } from './text-functions.ts';

function withBothSpellings(): ReadonlyMap<string, DslFunction> {
  const table = new Map<string, DslFunction>();
  for (const [name, known] of Object.entries({ ...textFunctions, ...encodingFunctions, ...numberFunctions })) {
    table.set(name, known);
    // The format takes `to_lower` and `tolower` alike.
    table.set(name.replaceAll('_', ''), known);
  }
  return table;
}

/** Every function of the DSL by name, in both spellings. A name that is not here makes a template unsupported. */
export const dslFunctions: ReadonlyMap<string, DslFunction> = withBothSpellings();
