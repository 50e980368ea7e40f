import type { phaseProgress } from '@picket/contracts/api/scan';
import type { z } from 'zod';
import { formatCount } from '../format/number.ts';
import { phaseWords } from '../format/words.ts';
import { phaseShares } from './phase-shares.ts';
import classes from './phase-bar.module.css';

/** Progress of one phase straight from the ledger: done, running, not evaluable (hatched), waiting. */
export function PhaseBar({ progress }: { progress: z.infer<typeof phaseProgress> }) {
  const shares = phaseShares(progress);
  const name = phaseWords[progress.phase];
  const text = `${name}: ${formatCount(progress.done)} of ${formatCount(shares.total)} done, ${progress.running} running, ${progress.notEvaluable} not evaluable, ${progress.cancelled} cancelled`;
  return (
    <div className={classes.phase}>
      <div className={classes.head}>
        <span>{name}</span>
        <span className={classes.count}>
          {shares.total === 0 ? 'waiting' : `${formatCount(progress.done)} / ${formatCount(shares.total)}`}
        </span>
      </div>
      <div className={classes.bar} role="img" aria-label={text} title={text}>
        <span className={classes.done} style={{ width: `${shares.done}%` }} />
        <span className={classes.running} style={{ width: `${shares.running}%` }} />
        <span className="pk-hatch" style={{ width: `${shares.unknown}%` }} />
      </div>
    </div>
  );
}

/** The bars of all phases side by side. */
export function PhaseBars({ phases }: { phases: readonly z.infer<typeof phaseProgress>[] }) {
  return (
    <div className={classes.bars}>
      {phases.map((progress) => (
        <PhaseBar key={progress.phase} progress={progress} />
      ))}
    </div>
  );
}
