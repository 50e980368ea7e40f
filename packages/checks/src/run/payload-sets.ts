import type { Payloads } from '../protocols/payloads.ts';
import type { DslAmbient, DslScope } from '../dsl/value.ts';
import { renderText, type TemplateText } from '../template/text.ts';

/** The values that each round of a block adds to its variables; one empty round when there are no payloads. `attack` takes the place of the block's own. */
export function* payloadSets(
  payloads: Payloads | null,
  scope: DslScope,
  ambient: DslAmbient,
  attack: Payloads['attack'] | null = null,
): Generator<ReadonlyMap<string, string>> {
  if (payloads === null || payloads.lists.length === 0) {
    yield new Map();
    return;
  }
  const render = (text: TemplateText): string => {
    const value = renderText(text, scope, ambient);
    return 'text' in value ? value.text : '';
  };
  const lists = payloads.lists.map(([name, values]) => [name, values.map(render)] as const);
  const way = attack ?? payloads.attack;
  if (way === 'clusterbomb') yield* product(lists, new Map());
  else if (way === 'pitchfork') yield* together(lists);
  else for (const [name, values] of lists) for (const value of values) yield new Map([[name, value]]);
}

type Lists = readonly (readonly [string, readonly string[]])[];

function* together(lists: Lists): Generator<ReadonlyMap<string, string>> {
  const rounds = Math.min(...lists.map(([, values]) => values.length));
  for (let at = 0; at < rounds; at += 1) yield new Map(lists.map(([name, values]) => [name, values[at] ?? '']));
}

function* product(lists: Lists, chosen: ReadonlyMap<string, string>): Generator<ReadonlyMap<string, string>> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield chosen;
    return;
  }
  for (const value of first[1]) yield* product(rest, new Map([...chosen, [first[0], value]]));
}
