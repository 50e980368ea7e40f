/** The phases of a job in the order they run. `os` judges what the phases before it found, and a few packets of its own. */
export const phases = ['discovery', 'ports', 'services', 'os', 'checks'] as const;
export type Phase = (typeof phases)[number];

export type JobKind = 'map' | 'scan';

/** Which phases a job has: a map finds hosts, a scan assesses them. */
export function phasesOf(kind: JobKind, options: { services: boolean; checks: boolean }): readonly Phase[] {
  if (kind === 'map') return ['discovery'];
  const chosen: Phase[] = ['discovery', 'ports'];
  if (options.services) chosen.push('services', 'os');
  if (options.services && options.checks) chosen.push('checks');
  return chosen;
}
