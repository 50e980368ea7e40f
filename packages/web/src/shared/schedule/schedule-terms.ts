import type { Schedule, ScheduleRequest } from '@picket/contracts/api/schedule';

/** What a schedule says beside its times and its job. */
export type ScheduleTerms = Pick<ScheduleRequest, 'name' | 'enabled' | 'overlap' | 'catchUpMinutes'>;

export function newTerms(): ScheduleTerms {
  return { name: '', enabled: true, overlap: 'skip', catchUpMinutes: 720 };
}

export function termsOf({ name, enabled, overlap, catchUpMinutes }: Schedule): ScheduleTerms {
  return { name, enabled, overlap, catchUpMinutes };
}
