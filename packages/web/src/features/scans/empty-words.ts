import type { ScanDetail } from '@picket/contracts/api/scan';
import { isNothingScanned } from '../../shared/components/scan-extent.tsx';
import { isActive } from '../../shared/components/scan-status.tsx';

/** What an empty list of a scan says. */
interface EmptyWords {
  readonly title: string;
  readonly sentence: string;
  readonly example?: string;
}

type Scan = Pick<ScanDetail, 'status' | 'phases' | 'complete'>;

/** Nothing was asked, so that nothing is known: not that there is nothing. */
const notScanned = 'Every address was excluded after the launch, before it was scanned to the end.';

/** No host in the results. */
export function noHostWords(scan: Scan): EmptyWords {
  if (isNothingScanned(scan))
    return { title: 'Not scanned', sentence: `${notScanned} Whether a host is there is not known.` };
  return {
    title: isActive(scan.status) ? 'No host found yet' : 'No host found',
    sentence: `No address has answered${isActive(scan.status) ? ' so far' : ''}. Firewalls that drop everything look the same as no host.`,
    example: 'scan with “treat every address as alive” to be sure',
  };
}

/** No row in the grid of hosts or blocks; `filtered` by the state of their units. */
export function noRowWords(scan: Scan, kind: 'host' | 'block', filtered: boolean): EmptyWords {
  if (filtered) return { title: 'No rows', sentence: `No ${kind} is in this state.` };
  if (isNothingScanned(scan)) return { title: 'Not scanned', sentence: notScanned };
  if (kind === 'block') return { title: 'No rows', sentence: 'Address blocks appear here when the scan is planned.' };
  return isActive(scan.status)
    ? { title: 'No rows', sentence: 'Hosts appear here as discovery finds them.' }
    : { title: 'No rows', sentence: 'No host was found.' };
}

/** No finding in the results; undefined where the list's own words are right. */
export function noFindingWords(scan: Scan): EmptyWords | undefined {
  if (isNothingScanned(scan)) return { title: 'Not scanned', sentence: `${notScanned} No check ran to its end.` };
  return isActive(scan.status)
    ? { title: 'No finding yet', sentence: 'Findings appear here as checks report them.' }
    : undefined;
}
