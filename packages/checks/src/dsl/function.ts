import { DslFault, type DslAmbient, type DslValue, textOf } from './value.ts';

/** One function of the DSL. */
export interface DslFunction {
  readonly least: number;
  readonly most: number;
  run(args: readonly DslValue[], ambient: DslAmbient): DslValue;
}

/** Largest text that a function may make, bytes. */
export const longestText = 8_388_608;

export function bounded(text: string): string {
  if (text.length > longestText) throw new DslFault('the text grows too large');
  return text;
}

/** A function of texts. */
export function ofTexts(least: number, most: number, run: (...texts: string[]) => DslValue): DslFunction {
  return { least, most, run: (args) => run(...args.map(textOf)) };
}

/** Any number of arguments. */
export const anyNumber = 1000;
