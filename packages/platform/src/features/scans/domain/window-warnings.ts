import type { PlanOutlook } from '@picket/contracts/api/plan-outlook';
import { type NamedWindow, localTime, scanHours } from '../../../jobs/domain/scan-hours.ts';

/** What a person should know of the windows of a plan before it is launched. */
export function windowWarnings(
  windows: readonly NamedWindow[],
  outlook: Pick<PlanOutlook, 'duration' | 'windows' | 'startsAt'>,
): readonly string[] {
  const { duration, windows: fit } = outlook;
  const hours = scanHours(
    { windows, holdUntil: null, longestMs: null, runningSince: null },
    Date.parse(outlook.startsAt),
  );
  const warnings = hours.open ? [] : [hours.reason];
  if (fit === null || fit.fits || fit.opensAt === null) return warnings;
  const needs = `${duration.basis === 'model' ? 'at full rate it takes' : 'it takes about'} ${minutes(duration.seconds * 1000)}`;
  return [...warnings, `It does not fit the window: ${needs}. ${whatThen(fit)}`];
}

function whatThen({ runs, endsAt, cut, zone }: NonNullable<PlanOutlook['windows']>): string {
  const end = endsAt === null ? '' : localTime(Date.parse(endsAt), zone);
  if (cut) return `The longest run that it may have cancels it ${end}.`;
  if (runs === null)
    return 'When it would end can not be foreseen: it would need more runs than a year has, or somebody who resumes it.';
  return `It would need about ${runs} runs and end about ${end}. The rest goes on in the next.`;
}

function minutes(milliseconds: number): string {
  const whole = Math.max(1, Math.ceil(milliseconds / 60_000));
  return whole < 120 ? `${whole} minutes` : `${Math.round(whole / 60)} hours`;
}
