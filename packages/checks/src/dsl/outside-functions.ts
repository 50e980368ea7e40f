import { anyNumber, type DslFunction } from './function.ts';
import type { OutsideName } from './outside.ts';
import { DslFault } from './value.ts';

function outside(name: OutsideName, least: number, most: number): DslFunction {
  return {
    least,
    most,
    run(args, ambient) {
      if (ambient.outside === undefined) throw new DslFault(`${name} needs a host and is not available here`);
      return ambient.outside.ask(name, args);
    },
  };
}

/** Functions that need the network or time: `resolve(name, type)`, `wait_for(seconds)`, `jarm(host:port)`. */
export const outsideFunctions: Readonly<Record<string, DslFunction>> = {
  resolve: outside('resolve', 1, 2),
  wait_for: outside('wait_for', 1, 1),
  jarm: outside('jarm', 1, 1),
  // Whatever a template prints goes nowhere; that it was printed is true.
  print_debug: { least: 1, most: anyNumber, run: () => true },
};
