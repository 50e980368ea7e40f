import { fromText } from '@picket/checks/byte-string';
import { ascii } from '../../services/bytes.ts';
import type { ScriptValue } from './sandbox/script-messages.ts';
import { misuse } from './script-fault.ts';

/** The arguments of a call, read as the function means them: scripts pass texts for numbers and the other way round. */
export class ScriptArgs {
  readonly #values: readonly ScriptValue[];

  constructor(values: readonly ScriptValue[]) {
    this.#values = values;
  }

  get length(): number {
    return this.#values.length;
  }

  /** Without the first `count`: the object that a method was called on. */
  after(count: number): ScriptArgs {
    return new ScriptArgs(this.#values.slice(count));
  }

  value(at: number): ScriptValue {
    return this.#values[at] ?? null;
  }

  /** What is missing is the empty text. */
  text(at: number): string {
    const value = this.value(at);
    if (value === null) return '';
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw misuse(`argument ${at + 1} must be a text`);
  }

  /** A whole number in the bounds; `fallback` where there is none. */
  number(at: number, bounds: { readonly from: number; readonly to: number }, fallback?: number): number {
    const value = this.value(at);
    const number = value === null || value === '' ? fallback : Number(value);
    if (number === undefined || !Number.isInteger(number) || number < bounds.from || number > bounds.to)
      throw misuse(`argument ${at + 1} must be a whole number from ${bounds.from} to ${bounds.to}`);
    return number;
  }

  port(at: number): number {
    return this.number(at, { from: 1, to: 65_535 });
  }

  /** A text is its UTF-8, a list its numbers and texts one after the other. */
  bytes(at: number): Uint8Array {
    return bytesOf(this.value(at));
  }

  list(at: number): readonly ScriptValue[] {
    const value = this.value(at);
    return Array.isArray(value) ? value : [];
  }

  field(at: number, name: string): ScriptValue {
    return fieldOf(this.value(at), name);
  }
}

/** A field of an object; null for everything else. */
export function fieldOf(value: ScriptValue, name: string): ScriptValue {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value)) return null;
  const found = Object.entries(value).find(([key]) => key === name);
  return found?.[1] ?? null;
}

/** The bytes that a value stands for where bytes are asked for. */
export function bytesOf(value: ScriptValue): Uint8Array {
  if (value === null) return new Uint8Array(0);
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return ascii(fromText(value));
  if (typeof value === 'number') return Uint8Array.of(value & 0xff);
  if (Array.isArray(value)) return new Uint8Array(value.flatMap((item: ScriptValue) => [...bytesOf(item)]));
  throw misuse('bytes, a text or a list of numbers is wanted');
}
