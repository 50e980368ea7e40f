import { parseIp } from '@picket/base/ip';
import type { Attempt } from '../../console/errors/attempt.ts';
import { type Cause, causeTexts } from '../../console/errors/cause.ts';
import { networkError } from '../../console/errors/network-error.ts';
import { type DoctorPart, type DoctorReport, doctorParts } from '@picket/contracts/doctor';
import { localChecks, nameOf } from '../network/local-cause.ts';
import { managementPort, type NetworkView } from '../network/network-view.ts';

/** How one step went. Only `failed` ends the examination. */
export type Finding =
  | { readonly outcome: 'ok' | 'warning' | 'not-used' | 'not-tested'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly detail: string; readonly cause: Cause };

/** What the doctor can do on a machine; none of it changes anything. */
export interface DoctorProbes {
  look(): Promise<NetworkView>;
  /** Whether the machine can resolve a name. */
  resolve(host: string, view: NetworkView): Promise<Finding>;
  /** Asks the proxy for a tunnel to the platform, with the login that is configured. */
  proxy(): Promise<Finding>;
  /** TLS with the platform, its certificate verified. */
  platform(): Promise<Finding>;
  /** Whether the platform itself answers at each of its paths. */
  endpoints(): Promise<Finding>;
  /** This machine's clock beside the platform's. */
  clock(): Promise<Finding>;
  /** Round trip and bandwidth with messages as large as those of a scan. */
  transfer(): Promise<Finding>;
}

export interface Patient {
  /** Host of the platform; null: not known yet. */
  readonly host: string | null;
  readonly family: 4 | 6;
  readonly hasProxy: boolean;
  /** Which code a failure gets. */
  readonly attempt: Attempt;
  /** ISO 8601. */
  readonly now: () => string;
}

/** Looks at the way to the platform step by step, and stops at the first that fails: what lies behind it was not tested. */
export async function examine(
  patient: Patient,
  probes: DoctorProbes,
  onReport: (report: DoctorReport) => void,
): Promise<DoctorReport> {
  const view = await probes.look();
  const checks: Readonly<Record<DoctorPart, () => Promise<Finding>>> = {
    link: async () => local('link', view, patient),
    address: async () => local('address', view, patient),
    gateway: async () => local('gateway', view, patient),
    dns: async () => dnsStep(patient, view, probes),
    proxy: async () => (patient.hasProxy ? probes.proxy() : { outcome: 'not-used', detail: '' }),
    platform: async () => (patient.host === null ? noPlatform : probes.platform()),
    endpoints: async () => (patient.host === null ? noPlatform : probes.endpoints()),
    clock: async () => (patient.host === null ? noPlatform : probes.clock()),
    transfer: async () => (patient.host === null ? noPlatform : probes.transfer()),
  };
  let report = emptyReport();
  for (const [index, part] of doctorParts.entries()) {
    report = withStep(report, index, { outcome: 'running', detail: '' });
    onReport(report);
    const finding = await checks[part]();
    report = withStep(report, index, finding);
    if (finding.outcome !== 'failed') continue;
    const { cause } = finding;
    report = { ...report, error: { ...networkError(patient.attempt, cause), remedy: causeTexts[cause.kind].remedy } };
    break;
  }
  report = { ...report, endedAt: patient.now() };
  onReport(report);
  return report;
}

const noPlatform: Finding = { outcome: 'not-tested', detail: 'the platform is not known yet' };

function dnsStep({ host, hasProxy }: Patient, view: NetworkView, probes: DoctorProbes): Promise<Finding> | Finding {
  if (host === null) return noPlatform;
  if (parseIp(host).ok) return { outcome: 'not-used', detail: 'the platform is given by address' };
  if (hasProxy) return { outcome: 'not-used', detail: 'the proxy resolves the name' };
  return probes.resolve(host, view);
}

function local(step: 'link' | 'address' | 'gateway', view: NetworkView, { family }: Patient): Finding {
  const cause = localChecks[step](view, family);
  const port = managementPort(view);
  const details = {
    link: `${port?.device ?? 'no interface'}${port?.up ? ' is up' : ''}${port?.carrier === true ? ', carrier' : ''}`,
    address: port?.addresses.join(' ') ?? '',
    gateway: port?.gateway ?? (port?.device === 'lo' ? 'none is needed' : 'none'),
  };
  const detail = details[step].slice(0, 200);
  return cause === null ? { outcome: 'ok', detail } : { outcome: 'failed', detail, cause };
}

function emptyReport(): DoctorReport {
  return {
    steps: doctorParts.map((part) => ({ part, outcome: 'not-tested', detail: '' })),
    error: null,
    endedAt: null,
  };
}

function withStep(
  report: DoctorReport,
  at: number,
  { outcome, detail }: { outcome: DoctorReport['steps'][number]['outcome']; detail: string },
): DoctorReport {
  return { ...report, steps: report.steps.map((step, index) => (index === at ? { ...step, outcome, detail } : step)) };
}

/** The finding for a name that no server resolved. */
export function unresolved(view: NetworkView, answered: boolean, detail: string): Finding {
  const port = nameOf(managementPort(view));
  if (view.dns.length === 0) return { outcome: 'failed', detail, cause: { kind: 'no-dns-server', port } };
  return { outcome: 'failed', detail, cause: { kind: 'dns-failed', port, answered } };
}
