import { Hint } from '../../shared/components/hint.tsx';
import { explainReason } from '../../shared/format/words.ts';
import type { LedgerRow } from './live-patch.ts';
import classes from './scan.module.css';

const words = {
  pending: 'Waiting',
  leased: 'Leased',
  running: 'Running',
  done: 'Done',
  'not-evaluable': 'Not evaluable',
  cancelled: 'Cancelled',
} as const;

/** One unit of the grid: a mark and a word; what could not be evaluated is hatched and explains itself. */
export function UnitCell({ unit }: { unit: LedgerRow['units'][number] | undefined }) {
  if (!unit) return <span className={classes.absent}>–</span>;
  const unknown = unit.state === 'not-evaluable' || unit.state === 'cancelled';
  const label = unit.reason === null ? words[unit.state] : explainReason(unit.reason).label;
  const cell = (
    <span className={`${classes.unit} ${unknown ? 'pk-hatch' : ''}`} data-state={unit.state}>
      {label}
    </span>
  );
  if (unit.reason === null) return cell;
  const reason = explainReason(unit.reason);
  return <Hint label={`${reason.meaning} ${reason.remedy}${unit.detail ? ` (${unit.detail})` : ''}`}>{cell}</Hint>;
}
