import type { ScanSummary } from '@picket/contracts/api/scan';
import { isActive } from './scan-status.tsx';
import { SeverityCounts } from './severity.tsx';

type Extent = Pick<ScanSummary, 'status' | 'complete' | 'phases' | 'hostsUp' | 'findings'>;

/**
 * It ended, and its ledger is empty: exclusions made after the launch took every unit out. Its zeros count nothing, so that they are not shown as
 * numbers.
 */
export function isNothingScanned({ status, phases }: Pick<Extent, 'status' | 'phases'>): boolean {
  return (
    !isActive(status) &&
    phases.every((one) => one.pending + one.running + one.done + one.notEvaluable + one.cancelled === 0)
  );
}

/** A number of a scan: hatched words instead of a zero that stands for nothing looked at; `short`: a dash, for narrow columns. */
export function Counted(props: { scan: Extent; count: number; short?: boolean; children: string }) {
  if (props.count !== 0 || !isNothingScanned(props.scan)) return <>{props.children}</>;
  return props.short ? <NotScanned>–</NotScanned> : <NotScanned>not scanned</NotScanned>;
}

/** Its findings; none says whether that is the result, or the result so far, or no result. */
export function FindingCounts({ scan }: { scan: Extent }) {
  const empty = Object.values(scan.findings).every((count) => count === 0);
  if (empty && isNothingScanned(scan)) return <NotScanned>not scanned</NotScanned>;
  return <SeverityCounts counts={scan.findings} none={noneWords(scan)} />;
}

/** What no finding means. */
export function noneWords({ status, complete }: Pick<Extent, 'status' | 'complete'>): string {
  if (isActive(status)) return 'none so far';
  return complete === true ? 'none' : 'none in what was tested';
}

function NotScanned({ children }: { children: string }) {
  return (
    <span className="pk-hatch pk-unknown" title="not scanned">
      {children}
    </span>
  );
}
