import type { Phase } from '@picket/plan/phase';

/** Units of one phase of a job. `endedBefore` counts those that had ended when the look-back window began. */
export interface PhaseCounts {
  readonly phase: Phase;
  readonly total: number;
  readonly ended: number;
  readonly endedBefore: number;
}

/** Share of the work, roughly as long as each phase takes on a host that is up. */
const weights: Readonly<Record<Phase, number>> = { discovery: 2, ports: 4, services: 3, os: 1, checks: 4 };

export interface Progress {
  /** 0 to 1. */
  readonly progress: number;
  /** From the pace inside the look-back window; null when nothing moved in it. */
  readonly etaSeconds: number | null;
}

/**
 * Progress from the ledger, weighted by phase. Hosts are only known block by block, so that what is done of a later phase
 * counts for the discovered share of the job alone.
 */
export function progressOf(phases: readonly PhaseCounts[], lookBackSeconds: number): Progress {
  const now = weigh(phases, (counts) => counts.ended);
  const before = weigh(phases, (counts) => counts.endedBefore);
  const pace = lookBackSeconds > 0 ? (now - before) / lookBackSeconds : 0;
  if (now >= 1) return { progress: 1, etaSeconds: 0 };
  return { progress: now, etaSeconds: pace > 0 ? Math.ceil((1 - now) / pace) : null };
}

function weigh(phases: readonly PhaseCounts[], ended: (counts: PhaseCounts) => number): number {
  const discovery = phases.find((counts) => counts.phase === 'discovery');
  const discovered = discovery && discovery.total > 0 ? ended(discovery) / discovery.total : 1;
  let sum = 0;
  let whole = 0;
  for (const counts of phases) {
    const share = counts.total > 0 ? ended(counts) / counts.total : 1;
    sum += weights[counts.phase] * (counts.phase === 'discovery' ? share : share * discovered);
    whole += weights[counts.phase];
  }
  return whole === 0 ? 0 : Math.min(1, sum / whole);
}
