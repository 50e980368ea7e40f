import type { ScriptValue } from './script-messages.ts';

/** Deepest nesting of a value that crosses the border. */
const deepest = 64;

/** Values as the sandbox writes them: JSON, bytes as `{"$bytes": "hex"}`. Null for what is no such text. Total. */
export function parseScriptValue(text: string): ScriptValue | null {
  try {
    return checked(JSON.parse(text), 0);
  } catch {
    return null;
  }
}

export function scriptValueText(value: ScriptValue): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item instanceof Uint8Array ? { $bytes: Buffer.from(item).toString('hex') } : item,
  );
}

function checked(value: unknown, depth: number): ScriptValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (depth > deepest || typeof value !== 'object') return null;
  if (Array.isArray(value)) return value.map((item) => checked(item, depth + 1));
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === '$bytes' && typeof first[1] === 'string')
    return new Uint8Array(Buffer.from(first[1], 'hex'));
  return Object.fromEntries(entries.map(([key, item]) => [key, checked(item, depth + 1)]));
}
