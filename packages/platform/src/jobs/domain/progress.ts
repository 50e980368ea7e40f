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
  /** From the pace of the slowest remaining phase inside the look-back window; null when it did not move in it. */
  readonly etaSeconds: number | null;
}

/**
 * Progress from the ledger, weighted by phase. Hosts are only known block by block, so that what is done of a later phase
 * counts for the discovered share of the job alone.
 */
export function progressOf(phases: readonly PhaseCounts[], lookBackSeconds: number): Progress {
  const discovery = phases.find((counts) => counts.phase === 'discovery');
  const discovered = discovery && discovery.total > 0 ? discovery.ended / discovery.total : 1;
  const progress = weigh(phases, discovered);
  if (progress >= 1) return { progress: 1, etaSeconds: 0 };
  return { progress, etaSeconds: timeLeft(phases, discovered, lookBackSeconds) };
}

/**
 * Phases overlap, so the one that needs longest at its own pace says when the job ends. The early phases are fast, and
 * their pace says nothing of the late ones.
 */
function timeLeft(phases: readonly PhaseCounts[], discovered: number, lookBackSeconds: number): number | null {
  if (discovered === 0) return null;
  let longest = 0;
  for (const { phase, total, ended, endedBefore } of phases) {
    const expected = phase === 'discovery' ? total : total / discovered;
    const left = expected - ended;
    if (left <= 0) continue;
    const pace = lookBackSeconds > 0 ? (ended - endedBefore) / lookBackSeconds : 0;
    if (pace <= 0) return null;
    longest = Math.max(longest, left / pace);
  }
  return Math.ceil(longest);
}

function weigh(phases: readonly PhaseCounts[], discovered: number): number {
  let sum = 0;
  let whole = 0;
  for (const counts of phases) {
    const share = counts.total > 0 ? counts.ended / counts.total : 1;
    sum += weights[counts.phase] * (counts.phase === 'discovery' ? share : share * discovered);
    whole += weights[counts.phase];
  }
  return whole === 0 ? 0 : Math.min(1, sum / whole);
}
