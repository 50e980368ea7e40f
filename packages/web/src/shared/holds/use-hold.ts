import { holdState } from '@picket/contracts/api/hold';
import { useItem } from '../api/use-item.ts';

/** What a hold, placed or lifted, makes out of date. */
export const holdStale = ['/hold', '/scans', '/overview', '/appliances'];

/** Whether "Stop all" is in force. The event stream tells when that changes. */
export function useHold() {
  return useItem(holdState, '/hold', { refetchMs: 60_000 });
}
