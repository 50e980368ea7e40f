import { concat } from '../../../services/bytes.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import { bytesOf } from '../script-args.ts';
import { misuse } from '../script-fault.ts';
import type { ScriptFunction } from '../script-host.ts';

/** Bytes and form of each letter of a format, as Python's struct module has them (standard sizes). */
const letters: Readonly<
  Record<string, { readonly size: number; readonly form: 'int' | 'uint' | 'float' | 'text' | 'bool' | 'pad' }>
> = {
  x: { size: 1, form: 'pad' },
  c: { size: 1, form: 'text' },
  b: { size: 1, form: 'int' },
  B: { size: 1, form: 'uint' },
  '?': { size: 1, form: 'bool' },
  h: { size: 2, form: 'int' },
  H: { size: 2, form: 'uint' },
  i: { size: 4, form: 'int' },
  I: { size: 4, form: 'uint' },
  l: { size: 4, form: 'int' },
  L: { size: 4, form: 'uint' },
  q: { size: 8, form: 'int' },
  Q: { size: 8, form: 'uint' },
  f: { size: 4, form: 'float' },
  d: { size: 8, form: 'float' },
  s: { size: 1, form: 'text' },
};

interface Item {
  readonly size: number;
  readonly form: 'int' | 'uint' | 'float' | 'text' | 'bool' | 'pad';
}

const mostBytes = 65_536;

function parse(format: string): { readonly little: boolean; readonly items: readonly Item[] } {
  const mark = /^[<>!=@]/.exec(format)?.[0] ?? '@';
  const items: Item[] = [];
  for (const [whole, count, letter = ''] of format
    .replace(/^[<>!=@]/, '')
    .replace(/\s+/g, '')
    .matchAll(/([0-9]{0,5})(.)/g)) {
    const known = letters[letter];
    if (!known) throw misuse(`"${whole}" is no item of a format`);
    const times = count === '' ? 1 : Number(count);
    if (times > mostBytes) throw misuse(`a record has at most ${mostBytes} bytes`);
    if (letter === 's') items.push({ ...known, size: times });
    else items.push(...Array.from({ length: times }, () => known));
  }
  if (sizeOf(items) > mostBytes) throw misuse(`a record has at most ${mostBytes} bytes`);
  return { little: mark !== '>' && mark !== '!', items };
}

const sizeOf = (items: readonly Item[]) => items.reduce((sum, { size }) => sum + size, 0);

/** The values one after the other in the form of the format. */
export function pack(format: string, values: readonly ScriptValue[]): Uint8Array {
  const { little, items } = parse(format);
  let next = 0;
  const parts = items.map((item) => {
    if (item.form === 'pad') return new Uint8Array(item.size);
    const value = values[next] ?? null;
    next += 1;
    return packed(item, value, little);
  });
  return concat(...parts);
}

function packed({ size, form }: Item, value: ScriptValue, little: boolean): Uint8Array {
  const bytes = new Uint8Array(size);
  if (form === 'text') {
    bytes.set(bytesOf(value).subarray(0, size));
    return bytes;
  }
  const number = Number(value instanceof Uint8Array ? value[0] : value);
  if (!Number.isFinite(number)) throw misuse('a number is wanted');
  const view = new DataView(bytes.buffer);
  if (form === 'float') {
    if (size === 4) view.setFloat32(0, number, little);
    else view.setFloat64(0, number, little);
    return bytes;
  }
  const whole = BigInt.asUintN(64, BigInt(Math.trunc(number)));
  for (let at = 0; at < size; at += 1) {
    const shift = BigInt(8 * (little ? at : size - 1 - at));
    bytes[at] = Number((whole >> shift) & 0xffn);
  }
  return bytes;
}

/** The values of a record; what is too short is a fault. */
export function unpack(format: string, record: Uint8Array): ScriptValue[] {
  const { little, items } = parse(format);
  if (record.length < sizeOf(items)) throw misuse(`the record has ${record.length} bytes, the format ${sizeOf(items)}`);
  let at = 0;
  return items.flatMap((item) => {
    const bytes = record.slice(at, at + item.size);
    at += item.size;
    return item.form === 'pad' ? [] : [unpacked(item, bytes, little)];
  });
}

function unpacked({ size, form }: Item, bytes: Uint8Array, little: boolean): ScriptValue {
  if (form === 'text') return [...bytes].map((byte) => String.fromCharCode(byte)).join('');
  if (form === 'bool') return bytes[0] !== 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (form === 'float') return size === 4 ? view.getFloat32(0, little) : view.getFloat64(0, little);
  const ordered = little ? bytes.toReversed() : bytes;
  const whole = ordered.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Number(form === 'int' ? BigInt.asIntN(size * 8, whole) : whole);
}

/** `nuclei/structs`. */
export const structsFunctions: Readonly<Record<string, ScriptFunction>> = {
  'structs.Pack': (args) => pack(args.text(0), args.list(1).length > 0 ? args.list(1) : [args.value(1)]),
  'structs.Unpack': (args) => unpack(args.text(0), args.bytes(1)),
  'structs.StructsCalcSize': (args) => sizeOf(parse(args.text(0)).items),
};
