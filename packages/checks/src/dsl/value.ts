import type { Random } from '@picket/base/random';
import type { ByteString } from '../byte-string.ts';
import type { OutsideAnswers } from './outside.ts';

/** What a DSL expression yields. Strings are byte strings. */
export type DslValue = ByteString | number | boolean | readonly DslValue[];

/** Variables that an expression may read. */
export type DslScope = Pick<ReadonlyMap<string, DslValue>, 'get' | 'has'> & Iterable<readonly [string, DslValue]>;

/** What a few functions need from the world: chance and time. */
export interface DslAmbient {
  readonly random: Random;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Answers of the network. Absent: functions that need them fail. */
  readonly outside?: OutsideAnswers;
}

/** Thrown and caught inside the DSL only: `evaluate` turns it into a result. */
export class DslFault extends Error {}

/** As Go's `%v` prints it, which is what every function of the format takes its text arguments as. */
export function textOf(value: DslValue): ByteString {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return `[${value.map(textOf).join(' ')}]`;
}

function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return value.toFixed(0);
  return String(value);
}

/** A number, or a text that is one. Anything else is a fault. */
export function numberOf(value: DslValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^\s*[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?\s*$/.test(value))
    return Number(value);
  throw new DslFault(`"${textOf(value).slice(0, 40)}" is not a number`);
}

export function truthOf(value: DslValue): boolean {
  if (typeof value === 'boolean') return value;
  throw new DslFault(`"${textOf(value).slice(0, 40)}" is neither true nor false`);
}
