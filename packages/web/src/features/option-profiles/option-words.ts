import type { OptionProfile, ScanOptions } from '@picket/contracts/api/option-profile';

/** Who may use a profile. */
export function whoseText(profile: Pick<OptionProfile, 'builtIn' | 'everybody' | 'owner'>): string {
  if (profile.builtIn) return 'built in, for everybody';
  return profile.everybody ? 'for everybody' : `${profile.owner} alone`;
}

/** What a scan with these options does after ports. */
export function checksText({ services, checks, intrusive }: ScanOptions): string {
  if (!services) return 'open ports';
  if (!checks) return 'ports and services';
  return intrusive ? 'ports, services, all checks' : 'ports, services, safe checks';
}
