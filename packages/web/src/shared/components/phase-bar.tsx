import type { phaseProgress } from '@picket/contracts/api/scan';
import type { z } from 'zod';
import { formatCount } from '../format/number.ts';
import { phaseWords } from '../format/words.ts';
import { phaseShares } from './phase-shares.ts';
import classes from './phase-bar.module.css';

/** What a phase without a single unit means: it has not begun, it had nothing to do, or all of it was taken away. */
export type EmptyPhase = 'waiting' | 'nothing to do' | 'not scanned';

/** Progress of one phase straight from the ledger: done, running, not evaluable (hatched), waiting. */
function PhaseBar({ progress, empty }: { progress: z.infer<typeof phaseProgress>; empty: EmptyPhase }) {
  const shares = phaseShares(progress);
  const name = phaseWords[progress.phase];
  const isEmpty = shares.total === 0;
  const counts = `${name}: ${formatCount(progress.done)} of ${formatCount(shares.total)} done, ${progress.running} running, ${progress.notEvaluable} not evaluable, ${progress.cancelled} cancelled`;
  const text = isEmpty && empty !== 'waiting' ? `${name}: ${empty}` : counts;
  return (
    <div className={classes.phase}>
      <div className={classes.head}>
        <span>{name}</span>
        <span className={classes.count}>
          {isEmpty ? empty : `${formatCount(progress.done)} / ${formatCount(shares.total)}`}
        </span>
      </div>
      <div className={classes.bar} role="img" aria-label={text} title={text}>
        <span className={classes.done} style={{ width: `${shares.done}%` }} />
        <span className={classes.running} style={{ width: `${shares.running}%` }} />
        <span
          className="pk-hatch"
          style={{ width: isEmpty && empty === 'not scanned' ? '100%' : `${shares.unknown}%` }}
        />
      </div>
    </div>
  );
}

/** The bars of all phases side by side. */
export function PhaseBars({ phases, empty }: { phases: readonly z.infer<typeof phaseProgress>[]; empty: EmptyPhase }) {
  return (
    <div className={classes.bars}>
      {phases.map((progress) => (
        <PhaseBar key={progress.phase} progress={progress} empty={empty} />
      ))}
    </div>
  );
}
