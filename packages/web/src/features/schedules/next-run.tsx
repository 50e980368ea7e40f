import type { Schedule } from '@picket/contracts/api/schedule';
import { formatClock, formatMinute, viewerZone } from '../../shared/schedule/zones.ts';

/** The next run by the viewer's clock, and by that of the schedule where it is another one. */
export function NextRun({ schedule: one }: { schedule: Schedule }) {
  if (!one.enabled) return <span>switched off</span>;
  if (one.nextAt === null)
    return <span>{one.recurrence.kind === 'after-finish' && one.runs > 0 ? 'when the run has ended' : 'none'}</span>;
  const at = Date.parse(one.nextAt);
  return (
    <time dateTime={one.nextAt} title={formatMinute(at, one.zone)}>
      {formatMinute(at, viewerZone())}
      {one.zone === viewerZone() ? null : (
        <span style={{ color: 'var(--mantine-color-dimmed)' }}>
          {' '}
          ({formatClock(at, one.zone)}, {one.zone})
        </span>
      )}
    </time>
  );
}
