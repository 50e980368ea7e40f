import type { Appliance } from '@picket/contracts/api/appliance';
import { plural } from '../../shared/format/number.ts';

/** What an appliance works on, in words. Pure. */
export function workWord(one: Pick<Appliance, 'state' | 'busy' | 'runningScans' | 'runningMaps'>): string {
  if (one.state === 'provisioned') return 'Cannot scan yet';
  const maps = one.runningMaps.length;
  const scans = one.runningScans.length - maps;
  const parts = [...(maps > 0 ? [plural(maps, 'map')] : []), ...(scans > 0 ? [plural(scans, 'scan')] : [])];
  // Busy with jobs that the reader may not see.
  return parts.join(', ') || (one.busy ? 'Busy' : 'Idle');
}

/** Connectivity to the platform's scan services, with what it means for new scans. Pure. */
export function connectivityWords(one: Pick<Appliance, 'state' | 'scanServices' | 'connection' | 'online'>): string {
  if (one.state === 'provisioned') return 'Not connected: its code has not been used yet, so it cannot scan';
  if (one.scanServices === 'connected') {
    return one.connection === 'long-poll'
      ? 'Connected: ready, takes new scans at once'
      : 'Connected: ready, takes new scans at its next poll';
  }
  if (one.scanServices === 'not-connected') return 'Not connected: check that it reaches the URLs on the About page';
  return one.online
    ? 'Not used: the subscription does without scan services; ready, takes new scans at its next poll'
    : 'Not used: the subscription does without scan services. It is offline all the same';
}
