import { nextRun } from '@picket/plan/schedule/next-runs';
import type { Schedule } from '@picket/plan/schedule/recurrence';
import { useNow } from '../time/use-now.ts';

/** When a schedule would first run, milliseconds since the epoch; null without one, or when it never would. */
export function useFirstRun(schedule: Schedule | null): number | null {
  const now = useNow();
  return schedule === null ? null : nextRun(schedule, now);
}
