import { severities, type Severity as SeverityName } from '@picket/contracts/primitive';
import classes from './severity.module.css';

const words: Readonly<Record<SeverityName, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

/** A shape of its own for each step, so that hue is never the only sign. */
const shapes: Readonly<Record<SeverityName, React.ReactNode>> = {
  critical: <path d="M6 0.5 11.5 6 6 11.5 0.5 6Z" fill="currentColor" />,
  high: <path d="M6 1 11.5 11H0.5Z" fill="currentColor" />,
  medium: <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="currentColor" />,
  low: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  info: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.750" />,
};

/** The shape alone, for places where the word stands nearby. */
export function SeverityMark({ severity }: { severity: SeverityName }) {
  return (
    <svg
      className={classes.mark}
      data-severity={severity}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden="true"
    >
      {shapes[severity]}
    </svg>
  );
}

/** Severity by hue, shape and word. */
export function Severity({ severity }: { severity: SeverityName }) {
  return (
    <span className={classes.severity}>
      <SeverityMark severity={severity} />
      {words[severity]}
    </span>
  );
}

/** Severities by falling weight. */
export const worstFirst: readonly SeverityName[] = [...severities].reverse();

/** Counts of each severity, worst first; zeros are left out, all zero says "none". */
export function SeverityCounts({
  counts,
  none = 'none',
}: {
  counts: Readonly<Record<SeverityName, number>>;
  none?: string;
}) {
  const shown = worstFirst.filter((severity) => counts[severity] > 0);
  if (shown.length === 0) return <span className={classes.none}>{none}</span>;
  return (
    <span className={classes.counts}>
      {shown.map((severity) => (
        <span
          key={severity}
          className={classes.severity}
          title={`${counts[severity]} ${words[severity].toLowerCase()}`}
        >
          <SeverityMark severity={severity} />
          {counts[severity]}
          <span className={classes.hidden}> {words[severity].toLowerCase()} </span>
        </span>
      ))}
    </span>
  );
}
