import type { Clock } from '@picket/base/clock';
import { type ScanDetail, scanDetail } from '@picket/contracts/api/scan';
import type { AdminClient } from '../admin/admin-client.ts';
import { findingsText } from '../scan/summary.ts';
import { formatDuration } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';

const ended = new Set<ScanDetail['status']>(['finished', 'canceled', 'error']);

/** Shows a scan's progress until it ends and gives its last state. */
export async function followScan(
  client: AdminClient,
  scanId: number,
  output: Output,
  clock: Clock,
  signal: AbortSignal,
): Promise<ScanDetail> {
  const started = clock.monotonic();
  let shown = '';
  for (;;) {
    const scan = await client.get(`/api/v1/scans/${scanId}`, scanDetail);
    const line = progress(scan, clock.monotonic() - started);
    if (output.interactive) output.err(`\r\u001b[K${line.slice(0, output.columns - 1)}`);
    else if (state(scan) !== shown) output.err(`${line}\n`);
    shown = state(scan);
    if (ended.has(scan.status)) {
      if (output.interactive) output.err('\r\u001b[K');
      return scan;
    }
    await clock.sleep(500, signal);
  }
}

/** What must change for a new line where lines can't be redrawn. */
function state(scan: ScanDetail): string {
  return `${scan.status} ${Math.floor(scan.progress * 4)} ${scan.statusReason ?? ''}`;
}

function progress(scan: ScanDetail, elapsedMs: number): string {
  const phases = scan.phases.map(
    (each) =>
      `${each.phase} ${each.done + each.notEvaluable}/${each.done + each.notEvaluable + each.running + each.pending}`,
  );
  const eta = scan.etaSeconds === null ? '' : `  about ${formatDuration(scan.etaSeconds * 1000)} left`;
  const reason = scan.statusReason === null ? '' : `  (${scan.statusReason})`;
  return `  ${scan.kind} ${scan.id}: ${scan.status} ${Math.round(scan.progress * 100)} %  ${formatDuration(elapsedMs)}  ${phases.join('  ')}  findings: ${findingsText(scan.findings)}${eta}${reason}`;
}
