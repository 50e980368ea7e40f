/** The phases of a job in the order they run. `os` is reserved for the raw engine's fingerprints. */
export const phases = ['discovery', 'ports', 'services', 'os', 'checks'] as const;
export type Phase = (typeof phases)[number];

export type JobKind = 'map' | 'scan';

/** Which phases a job has: a map finds hosts, a scan assesses them. */
export function phasesOf(kind: JobKind, options: { services: boolean; checks: boolean }): readonly Phase[] {
  if (kind === 'map') return ['discovery'];
  const chosen: Phase[] = ['discovery', 'ports'];
  if (options.services) chosen.push('services');
  if (options.services && options.checks) chosen.push('checks');
  return chosen;
}
