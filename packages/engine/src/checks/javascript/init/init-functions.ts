import { globalFunctions } from '../modules/global-functions.ts';
import { bytesFunctions } from '../modules/bytes.ts';
import { structsFunctions } from '../modules/structs.ts';
import { misuse } from '../script-fault.ts';
import { scriptFunctions } from '../script-functions.ts';
import type { ScriptFunction } from '../script-host.ts';

/** Functions without a module that speak to nobody. */
const quietGlobals = ['Rand', 'RandInt', 'ToBytes', 'ToString', 'getNetworkPort'];

const allowed: ReadonlySet<string> = new Set([
  ...quietGlobals.filter((name) => Object.hasOwn(globalFunctions, name)),
  ...Object.keys(bytesFunctions),
  ...Object.keys(structsFunctions),
]);

/** What an `init` may call: everything else that scripts have is refused by its name, because an `init` belongs to no host. */
export const initFunctions: ReadonlyMap<string, ScriptFunction> = new Map(
  [...scriptFunctions].map(([name, called]): [string, ScriptFunction] => [
    name,
    allowed.has(name) ? called : refuse(name),
  ]),
);

function refuse(name: string): ScriptFunction {
  return () => {
    throw misuse(`an init speaks to nobody, so ${name} is refused`);
  };
}
