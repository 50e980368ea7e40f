import { type EngineEventOf, probesSent } from '@picket/contracts/event';
import { compressPorts } from '@picket/plan/port-set';
import { z } from 'zod';
import { portsOf } from './coverage.ts';

/**
 * What the runs of a block's discovery told of their packets. A block is run again when its window ended, its appliance was lost or its worker
 * died: what was sent adds up, what was left out is what the last run says.
 */
export const sentProbes = z.object({
  /** Runs that began, and runs that told what they sent. A lost appliance and an older version do not tell. */
  begun: z.number().int().nonnegative(),
  told: z.number().int().nonnegative(),
  ...probesSent.shape,
});
export type SentProbes = z.output<typeof sentProbes>;

export const noProbes: SentProbes = { begun: 0, told: 0, sent: [], unsent: [] };

/** Kinds that are kept; there are nine, and an appliance must not make them many. */
const mostKinds = 16;

/** What one event of a discovery unit adds. */
export function probesOfEvent({ state, probes }: Pick<EngineEventOf<'unit'>, 'state' | 'probes'>): SentProbes {
  if (state === 'running') return { ...noProbes, begun: 1 };
  return probes === undefined ? noProbes : { ...noProbes, told: 1, ...probes };
}

/** Two accounts of one block as one, the later second. */
export function addProbes(before: SentProbes, after: SentProbes): SentProbes {
  const kinds = Map.groupBy([...before.sent, ...after.sent], ({ kind }) => kind);
  const sent = [...kinds].slice(0, mostKinds).map(([kind, of]) => {
    const ports = compressPorts([...new Set(of.flatMap((one) => [...portsOf(one.ports ?? '')]))].sort((a, b) => a - b));
    const sum = of.reduce((total, one) => total + one.sent, 0);
    const bounded = Math.min(Number.MAX_SAFE_INTEGER, sum);
    return { kind, sent: bounded, ...(ports === '' || ports.length > longestPorts ? {} : { ports }) };
  });
  const unsent = after.told > 0 ? after.unsent : before.unsent;
  return { begun: before.begun + after.begun, told: before.told + after.told, sent, unsent };
}

/** As `probesSent` takes; engines tell far shorter lists. */
const longestPorts = 1024;
