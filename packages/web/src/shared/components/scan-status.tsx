import type { ScanStatus as Status } from '@picket/contracts/api/scan';
import classes from './scan-status.module.css';

const words: Readonly<Record<Status, string>> = {
  queued: 'Queued',
  running: 'Running',
  pausing: 'Pausing',
  paused: 'Paused',
  canceling: 'Cancelling',
  canceled: 'Cancelled',
  finished: 'Finished',
  error: 'Error',
};

/** Where a scan stands, in a word with a mark; finished but incomplete is said so and hatched. */
export function ScanStatus({ status, complete }: { status: Status; complete: boolean | null }) {
  const incomplete = complete === false && status === 'finished';
  return (
    <span className={classes.status} data-status={incomplete ? 'incomplete' : status}>
      <span className={incomplete ? 'pk-hatch' : undefined} aria-hidden="true" />
      {incomplete ? 'Incomplete' : words[status]}
    </span>
  );
}

/** Still changing by itself. */
export function isActive(status: Status): boolean {
  return (
    status === 'queued' || status === 'running' || status === 'pausing' || status === 'canceling' || status === 'paused'
  );
}
