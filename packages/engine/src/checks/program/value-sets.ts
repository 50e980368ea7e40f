import { fromText } from '@picket/checks/byte-string';
import type { Payloads } from '@picket/checks/protocols/payloads';
import { payloadSets } from '@picket/checks/run/payload-sets';
import type { ProgramRun } from './program-run.ts';

/** The values that each round of a block adds to its variables: its own payloads, and the lists that whoever runs the check gave. */
export function valueSets(payloads: Payloads | null, run: ProgramRun): Generator<ReadonlyMap<string, string>> {
  const { lists, attack } = run.session.settings;
  const own = payloads?.lists ?? [];
  const given = [...lists].filter(([name]) => !own.some(([known]) => known === name));
  const all = [
    ...own,
    ...given.map(([name, values]) => [name, values.map((value) => ({ literal: fromText(value) }))] as const),
  ];
  const way = payloads === null ? 'clusterbomb' : payloads.attack;
  return payloadSets(all.length === 0 ? null : { attack: way, lists: all }, run.scope, run.ambient, attack);
}
