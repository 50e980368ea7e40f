import { osName } from '@picket/contracts/software-name';
import { type Severity, severities } from '@picket/contracts/primitive';
import type { MapResult } from '@picket/contracts/map/map-result';
import type { JobOutcome } from '@picket/engine/run/run-job';
import { formatDuration } from '../terminal/duration.ts';
import { printable, table } from '../terminal/output.ts';
import { mapText } from './map-text.ts';
import { countFindings, type HostResult, openPorts, type ScanResult, withoutPlace } from './scan-result.ts';

/** What a person reads at the end: the map, or hosts with ports and findings; what was not tested, what was sent. */
export function summary(
  result: ScanResult,
  outcome: JobOutcome,
  elapsedMs: number,
  more: { readonly map?: MapResult | null; readonly installedChecks?: number } = {},
): string {
  const { map = null, installedChecks = 0 } = more;
  const hosts = [...result.hosts.values()].filter((host) => host.host !== null || host.ports.size > 0);
  const found = map ? [mapText(map)] : hosts.map(hostText);
  return [
    ...found,
    untestedText(result),
    notAllowedText(result),
    withoutPlaceText(result, outcome, installedChecks),
    notesText(result),
    closing(result, hosts, outcome, elapsedMs),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function hostText(host: HostResult): string {
  const names = (host.host?.names ?? []).map((each) => printable(each.name));
  const title = names.length > 0 ? `${host.address}  ${names.join(', ')}` : host.address;
  const rows = openPorts(host).map((port) => {
    const service = host.services.get(`${port.protocol}/${port.port}`);
    const product = [service?.product, service?.version].filter((part) => part !== undefined).join(' ');
    const name = service ? `${service.tunnel === 'tls' ? 'tls/' : ''}${service.service}` : '';
    return [`  ${port.port}/${port.protocol}`, port.state, name, printable(product || (service?.info ?? ''))];
  });
  const findings = [...host.findings]
    .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
    .map((finding) => [
      `  ${finding.severity}`,
      finding.port ? `${finding.port}/${finding.protocol}` : '-',
      finding.check,
      printable(finding.name),
    ]);
  return `${title}\n${systemText(host)}${table(rows)}${table(findings)}`;
}

function systemText({ os }: HostResult): string {
  return os ? `  system: ${printable(osName(os))} (${Math.round(os.confidence * 100)} % sure)\n` : '';
}

function untestedText(result: ScanResult): string {
  if (result.untested.length === 0) return '';
  const groups = new Map<string, { count: number; example: string }>();
  for (const unit of result.untested) {
    const key = `${unit.phase}: ${unit.reason}`;
    const group = groups.get(key) ?? { count: 0, example: unit.detail };
    group.count += 1;
    groups.set(key, group);
  }
  const rows = [...groups].map(([key, group]) => [`  ${key}`, `${group.count}`, printable(group.example)]);
  return `Not tested (neither clean nor found):\n${table(rows)}`;
}

/** Reasons that are listed at most. */
const shownReasons = 10;

function notAllowedText({ notAllowed }: ScanResult): string {
  if (notAllowed.size === 0) return '';
  const groups = new Map<string, string[]>();
  for (const [check, reasons] of notAllowed) groups.set(reasons, [...(groups.get(reasons) ?? []), check]);
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const rows = sorted
    .slice(0, shownReasons)
    .map(([reasons, checks]) => [`  ${checks.length}`, printable(reasons), printable(exampleOf(checks))]);
  const more = sorted.slice(shownReasons).reduce((sum, [, checks]) => sum + checks.length, 0);
  return `Checks not run, for they are not safe for their target (--intrusive runs them): ${notAllowed.size}\n${table(rows)}${more > 0 ? `  and ${more} for other reasons; --json shows all\n` : ''}`;
}

const exampleOf = ([first = '', ...others]: readonly string[]) => (others.length === 0 ? first : `such as ${first}`);

function withoutPlaceText(result: ScanResult, { outcome }: JobOutcome, installed: number): string {
  const count = withoutPlace(result, installed);
  // Of a scan that was cut short nobody knows what it would have come to.
  if (count === null || count === 0 || outcome === 'stopped') return '';
  return `Checks without anything to run on here: ${count} of ${installed}. No open port or service that was found is one that they are for.\n`;
}

function notesText(result: ScanResult): string {
  const worth = result.notes.filter((note) => note.level !== 'info').slice(0, 10);
  if (worth.length === 0) return '';
  const more = result.notes.length - worth.length;
  const lines = worth.map(
    (note) => `  ${note.level}: ${note.address ? `${note.address}: ` : ''}${printable(note.message)}`,
  );
  return `Trouble on the way:\n${lines.join('\n')}\n${more > 0 ? `  and ${more} more; --json shows all\n` : ''}`;
}

function closing(result: ScanResult, hosts: readonly HostResult[], outcome: JobOutcome, elapsedMs: number): string {
  const ports = hosts.reduce((sum, host) => sum + openPorts(host).length, 0);
  const sent = result.stats;
  const lines = [
    `${hosts.length} of ${result.addressesTried || hosts.length} addresses up, ${ports} open ports, findings: ${findingsText(countFindings(result))}.`,
    sent
      ? `Sent ${sent.packetsSent} probes in ${formatDuration(elapsedMs)}: peak ${Math.round(sent.peakRate)}/s${sent.busiestHost ? `, most to one host ${sent.busiestHost.packets} (${sent.busiestHost.address})` : ''}.`
      : `Took ${formatDuration(elapsedMs)}.`,
  ];
  if (outcome.outcome !== 'complete') lines.push(`INCOMPLETE: ${outcomeText(outcome)}`);
  return `${lines.join('\n')}\n`;
}

function outcomeText(outcome: JobOutcome): string {
  const reason = [outcome.reason, outcome.detail].filter((part) => part !== undefined).join(', ');
  const verb = outcome.outcome === 'stopped' ? 'it was stopped' : 'some units did not end';
  return `${verb}${reason === '' ? '' : ` (${reason})`}. What was not tested is listed above.`;
}

/** `2 high, 1 low`, or `none`. */
export function findingsText(counts: Record<Severity, number>): string {
  const parts = [...severities]
    .reverse()
    .flatMap((severity) => (counts[severity] > 0 ? [`${counts[severity]} ${severity}`] : []));
  return parts.length === 0 ? 'none' : parts.join(', ');
}
