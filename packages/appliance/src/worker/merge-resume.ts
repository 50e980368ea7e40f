import { mergeProgress, progressKey } from '@picket/contracts/checks-progress';
import { unitKey } from '@picket/contracts/event';
import type { ResumeState } from '@picket/contracts/resume';

/** What the platform knew when it granted the lease, and what this appliance settled since; the later word wins. */
export function mergeResume(earlier: ResumeState, later: ResumeState): ResumeState {
  return {
    ended: merge(earlier.ended, later.ended, unitKey),
    hosts: merge(earlier.hosts, later.hosts, (host) => host.address),
    ports: merge(earlier.ports, later.ports, (port) => `${port.address}|${port.protocol}|${port.port}`),
    services: merge(
      earlier.services,
      later.services,
      (service) => `${service.address}|${service.protocol}|${service.port}`,
    ),
    checks: mergeChecks(earlier.checks, later.checks),
  };
}

/** A worker tells only what it ended itself, so what is done adds up. */
function mergeChecks(earlier: ResumeState['checks'], later: ResumeState['checks']): ResumeState['checks'] {
  const all = new Map(earlier.map((item) => [progressKey(item), item]));
  for (const item of later) {
    const known = all.get(progressKey(item));
    all.set(progressKey(item), known === undefined ? item : mergeProgress(known, item));
  }
  return [...all.values()];
}

function merge<T>(earlier: readonly T[], later: readonly T[], key: (item: T) => string): T[] {
  const all = new Map(earlier.map((item) => [key(item), item]));
  for (const item of later) all.set(key(item), item);
  return [...all.values()];
}
