import { Hint } from './hint.tsx';
import { explainReason } from '../format/words.ts';
import classes from './unknown.module.css';

/** What is not known: hatched, with its reason, and on hover or focus what would make it known. Never green, never zero. */
export function Unknown({ reason, detail, short }: { reason: string; detail?: string | null; short?: boolean }) {
  const words = explainReason(reason);
  return (
    <Hint label={`${words.meaning} ${words.remedy}${detail ? ` (${detail})` : ''}`}>
      <button type="button" className={`pk-hatch ${classes.unknown}`}>
        Not evaluable{short ? null : `: ${words.label.toLowerCase()}`}
      </button>
    </Hint>
  );
}

/** A value nobody has found out yet, in one word. */
export function NotKnown({ children = 'not known' }: { children?: string }) {
  return <span className={classes.absent}>{children}</span>;
}

/** The whole explanation, for pages with room. */
export function UnknownBlock({ reason, count }: { reason: string; count?: React.ReactNode }) {
  const words = explainReason(reason);
  return (
    <div className={classes.block}>
      <span className={`pk-hatch ${classes.swatch}`} aria-hidden="true" />
      <div>
        <strong>
          {words.label}
          {count === undefined ? null : <> · {count}</>}
        </strong>
        <div className={classes.text}>
          {words.meaning} {words.remedy}
        </div>
      </div>
    </div>
  );
}
