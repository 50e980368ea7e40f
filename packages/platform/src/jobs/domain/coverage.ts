import type { EngineEventOf } from '@picket/contracts/event';
import { transport } from '@picket/contracts/primitive';
import { compressPorts } from '@picket/plan/port-set';
import { z } from 'zod';

/** Reads a compressed list (`1-3,80`) that an appliance sent. Total: what is no port is left out. */
export function portsOf(text: string): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const item of text.split(',')) {
    const range = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(item.trim());
    if (!range) continue;
    const last = Math.min(65_535, Number(range[2] ?? range[1]));
    for (let port = Math.max(1, Number(range[1])); port <= last; port += 1) ports.add(port);
  }
  return ports;
}

const states = ['closed', 'filtered', 'untested'] as const;
/** What a planned port was that no fact calls open. `filtered`: it was asked and gave no answer. */
export type PortState = (typeof states)[number];

/**
 * What became of the planned ports of a host, one entry a protocol. The longest of the three lists is left empty and named by `rest`: a
 * host that answers alike on all ports costs a few bytes. Open ports stand under `untested`: their facts come first.
 */
export const packedCoverage = z
  .array(
    z.object({
      protocol: transport,
      rest: z.enum(states),
      closed: z.string(),
      filtered: z.string(),
      untested: z.string(),
    }),
  )
  .max(2);
export type PackedCoverage = z.output<typeof packedCoverage>;

/** The ports of a plan, compressed lists. */
export type PlannedPorts = Readonly<Record<'tcp' | 'udp', string>>;

/** Coverage as it is kept with a unit. What an appliance left out of its lists counts as not tested. */
export function packCoverage(
  told: NonNullable<EngineEventOf<'unit'>['coverage']>,
  planned: PlannedPorts,
): PackedCoverage {
  return transport.options.flatMap((protocol) => {
    const wanted = [...portsOf(planned[protocol])];
    if (wanted.length === 0) return [];
    const own = told.find((one) => one.protocol === protocol);
    const closed = portsOf(own?.closed ?? '');
    const filtered = portsOf(own?.filtered ?? '');
    const stateOf = (port: number) => (closed.has(port) ? 'closed' : filtered.has(port) ? 'filtered' : 'untested');
    const lists = { closed: [] as number[], filtered: [] as number[], untested: [] as number[] };
    for (const port of wanted) lists[stateOf(port)].push(port);
    const rest = states.reduce((most, state) => (lists[state].length > lists[most].length ? state : most));
    const text = (state: PortState) => (state === rest ? '' : compressPorts(lists[state]));
    return [{ protocol, rest, closed: text('closed'), filtered: text('filtered'), untested: text('untested') }];
  });
}

/** Reads packed coverage: the state of each planned port that is not open. Null coverage: nobody told, so none counts as tested. */
export function unpackCoverage(
  packed: PackedCoverage | null,
  protocol: 'tcp' | 'udp',
  planned: Iterable<number>,
): ReadonlyMap<number, PortState> {
  const own = packed?.find((one) => one.protocol === protocol);
  const named = new Map<number, PortState>();
  for (const state of states) for (const port of portsOf(own?.[state] ?? '')) named.set(port, state);
  return new Map([...planned].map((port) => [port, named.get(port) ?? own?.rest ?? 'untested']));
}
