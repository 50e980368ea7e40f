import { allowedStretch } from '@picket/plan/schedule/allowed-time';
import type { ScanRequest } from '@picket/contracts/api/scan';
import { type NamedWindow, localTime, scanHours } from '../../../jobs/domain/scan-hours.ts';

/** What a person should know of the windows of a plan before it is launched. */
export function windowWarnings(
  plan: {
    readonly request: Pick<ScanRequest, 'runLimit'>;
    readonly windows: readonly NamedWindow[];
    readonly stored: { readonly estimate: { readonly seconds: number } };
  },
  now: number,
): readonly string[] {
  const { windows, request } = plan;
  const warnings: string[] = [];
  const hours = scanHours({ windows, holdUntil: null, longestMs: null, runningSince: null }, now);
  if (!hours.open) warnings.push(hours.reason);
  const stretch = allowedStretch(windows, now);
  if (stretch === null) return warnings;
  const limitMs = request.runLimit === undefined ? Number.POSITIVE_INFINITY : request.runLimit.hours * 3_600_000;
  const room = Math.min((stretch.to ?? Number.POSITIVE_INFINITY) - stretch.from, limitMs);
  const needs = plan.stored.estimate.seconds * 1000;
  if (needs <= room) return warnings;
  const zone = windows[0]?.zone ?? 'UTC';
  const end = stretch.to !== null && room < limitMs ? ` that ends ${localTime(stretch.to, zone)}` : '';
  const then = request.runLimit?.action === 'cancel' && room === limitMs ? 'is canceled' : 'goes on in the next';
  warnings.push(
    `It does not fit the window: at full rate it takes ${minutes(needs)}, and the stretch${end} has ${minutes(room)}. The rest ${then}.`,
  );
  return warnings;
}

function minutes(milliseconds: number): string {
  const whole = Math.max(1, Math.ceil(milliseconds / 60_000));
  return whole < 120 ? `${whole} minutes` : `${Math.round(whole / 60)} hours`;
}
