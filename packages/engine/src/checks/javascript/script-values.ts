import { fromText, toText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import type { ProgramRun } from '../program/program-run.ts';
import type { ScriptValue } from './sandbox/script-messages.ts';

/** A value of a script as matchers and later requests see it; an object is its JSON, nothing is the empty text. */
export function dslValue(value: ScriptValue): DslValue {
  if (value === null) return '';
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return fromText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return fromText(JSON.stringify(value, null, 2));
}

function scriptValue(value: DslValue): ScriptValue {
  if (typeof value === 'string') return toText(value);
  return typeof value === 'object' ? value.map(scriptValue) : value;
}

/** Everything that is known: lists where an extractor found several values. */
export function knownToScripts(run: ProgramRun): ScriptValue {
  const texts = [...run.scope].map(([name, value]) => [name, scriptValue(value)] as const);
  const lists = [...run.lists].map(
    ([name, values]) => [name, values.length === 1 ? toText(values[0] ?? '') : values.map(toText)] as const,
  );
  return Object.fromEntries([...texts, ...lists]);
}
