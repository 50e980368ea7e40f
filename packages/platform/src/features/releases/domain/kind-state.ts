import { ownValue } from '@picket/base/own-value';
import type { ApplianceKindState } from '@picket/contracts/api/release';
import type { KindReport } from '@picket/contracts/updates';

/** The way out of each failure that an appliance reports; a bundle's own are in `bundle-fault`. */
const waysOut: Readonly<Record<string, string>> = {
  'updates.older': 'Publish a newer version, or choose this one with "go back".',
  'updates.level': 'Update the software of the appliance first, or publish content for its level.',
  'updates.disk': 'Make room on the appliance, then "Update now".',
  'updates.not-wanted': 'Publish the bundle that the platform names; this one holds something else.',
  'updates.no-content':
    'The content can\'t be loaded. Test it with "picket content lint", then publish a newer version.',
  'updates.no-call':
    'The new software did not reach the platform. Publish a newer version, or try again with "Update now".',
  'updates.crashed': 'The new software ended by itself again and again. Publish a newer version.',
  'updates.no-launcher': 'Start the appliance with "picket appliance start", which can go back when an update fails.',
  'release.gone': 'The release was withdrawn meanwhile. Publish it again.',
};
const otherwise = 'Look at the log of the appliance, then "Update now".';

/** Where a kind stands: what the appliance said, seen against what it should have. */
export function kindState(
  report: KindReport,
  wanted: { readonly version: string; readonly sha256: string } | null,
): ApplianceKindState {
  const base = { ...report, wanted: wanted?.version ?? null };
  if (wanted === null) return { ...base, state: busy(report) ? report.state : 'none', hint: null };
  if (report.inUse === wanted.version && !busy(report)) return { ...base, state: 'up-to-date', hint: null };
  if (report.state === 'idle') return { ...base, state: 'due', hint: null };
  // The failure of an older release says nothing about this one.
  if (!busy(report) && report.sha256 !== wanted.sha256) return { ...base, state: 'due', hint: null };
  return { ...base, hint: busy(report) ? null : hintOf(report) };
}

function busy({ state }: KindReport): boolean {
  return state !== 'idle' && state !== 'failed' && state !== 'fell-back';
}

function hintOf(report: KindReport): string {
  return ownValue(waysOut, report.code ?? '') ?? otherwise;
}
