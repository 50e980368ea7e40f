import { addressFunctions } from './address-functions.ts';
import { cipherFunctions } from './cipher-functions.ts';
import { encodingFunctions } from './encoding-functions.ts';
import type { DslFunction } from './function.ts';
import { numberFunctions } from './number-functions.ts';
import { outsideFunctions } from './outside-functions.ts';
import { packFunctions } from './pack-functions.ts';
import { textFunctions } from './text-functions.ts';

const known: Readonly<Record<string, DslFunction>> = {
  ...textFunctions,
  ...encodingFunctions,
  ...numberFunctions,
  ...addressFunctions,
  ...cipherFunctions,
  ...packFunctions,
  ...outsideFunctions,
};

function withBothSpellings(): ReadonlyMap<string, DslFunction> {
  const table = new Map<string, DslFunction>();
  for (const [name, own] of Object.entries(known)) {
    table.set(name, own);
    // The format takes `to_lower` and `tolower` alike.
    table.set(name.replaceAll('_', ''), own);
  }
  return table;
}

/** Every function of the DSL by name, in both spellings. A name that is not here makes a template unsupported. */
export const dslFunctions: ReadonlyMap<string, DslFunction> = withBothSpellings();
