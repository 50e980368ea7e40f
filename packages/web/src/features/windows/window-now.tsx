import type { TimeWindowItem } from '@picket/contracts/api/time-window';
import { Time } from '../../shared/components/time.tsx';

/** What a window does at this moment, and until when. */
export function WindowNow({ window: one }: { window: TimeWindowItem }) {
  const changes = one.changesAt === null ? null : <Time at={one.changesAt} />;
  if (one.now) {
    return (
      <span style={{ color: one.kind === 'allow' ? 'var(--pk-good)' : 'var(--pk-bad)' }}>
        {one.kind === 'allow' ? 'Open now' : 'Blackout now'}
        {changes ? <>, ends {changes}</> : ', without an end within a year'}
      </span>
    );
  }
  if (changes === null) return <span>Never again within a year</span>;
  return <span>{one.kind === 'allow' ? <>Closed, opens {changes}</> : <>Not now, begins {changes}</>}</span>;
}
