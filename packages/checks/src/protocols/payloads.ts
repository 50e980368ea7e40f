import { text } from '../template/checked-text.ts';
import type { MapReader } from '../template/reader.ts';
import type { TemplateText } from '../template/text.ts';
import { isMap } from '../yaml-tree.ts';

/** Values that a block's requests run through. */
export interface Payloads {
  readonly attack: 'batteringram' | 'pitchfork' | 'clusterbomb';
  readonly lists: readonly (readonly [name: string, values: readonly TemplateText[]])[];
}

/** Combinations of one block: a host's budget of exchanges ends long lists as well. */
export const mostPayloads = 20_000;

/** Payload lists, inline or one value a line in a file of the pack. */
export function compilePayloads(reader: MapReader): Payloads | null {
  const attack = reader.choice(['batteringram', 'pitchfork', 'clusterbomb'] as const, 'batteringram', 'attack');
  const node = reader.node('payloads');
  if (node === undefined || node === '') return null;
  if (!isMap(node)) {
    reader.wrong('payloads', 'it must be a map');
    return null;
  }
  const lists: [string, TemplateText[]][] = [];
  for (const [name, values] of Object.entries(node)) {
    const texts = typeof values === 'string' ? linesOf(reader, name, values) : values;
    if (!Array.isArray(texts)) continue;
    lists.push([name, texts.map((item) => text(reader, 'payloads', String(item)))]);
  }
  if (combinations({ attack, lists }) > mostPayloads) {
    reader.unsupported('payloads', 'payload-count', `more than ${mostPayloads} combinations are not run`);
  }
  return { attack, lists };
}

/** How many rounds a block makes with these lists, at most; every list counts, also one that is cut to a shorter one. */
export function combinations({ attack, lists }: Payloads): number {
  const most = attack === 'clusterbomb' ? lists.reduce((product, [, list]) => product * list.length, 1) : 0;
  return Math.max(most, ...lists.map(([, list]) => list.length));
}

/** One text is a list of lines, or names a file. */
function linesOf(reader: MapReader, name: string, value: string): string[] | null {
  if (value.includes('\n')) return value.trim().split('\n');
  const content = reader.files(value);
  if (content === null)
    reader.unsupported(`payloads.${name}`, 'payload-file', `the pack has no file ${value.slice(0, 120)}`);
  const lines = content?.split(/\r?\n/).filter((line) => line !== '');
  return lines?.slice(0, mostPayloads + 1) ?? null;
}
