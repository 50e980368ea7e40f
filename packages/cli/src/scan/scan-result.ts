import type { EngineEvent, EngineEventOf } from '@picket/contracts/event';
import { type Severity, severities } from '@picket/contracts/primitive';
import type { Phase } from '@picket/plan/phase';

/** Everything that a run found about one host. */
export interface HostResult {
  readonly address: string;
  host: EngineEventOf<'host'> | null;
  readonly ports: Map<string, EngineEventOf<'port'>>;
  services: Map<string, EngineEventOf<'service'>>;
  findings: EngineEventOf<'finding'>[];
  coverage: EngineEventOf<'unit'>['coverage'];
  os: EngineEventOf<'os'> | null;
  route: EngineEventOf<'route'> | null;
  /** Times of its first and last event (ISO 8601). */
  readonly firstAt: string;
  lastAt: string;
  /** Units of this host that ended without an answer. */
  untested: { readonly phase: Phase; readonly reason: string; readonly detail: string }[];
}

/** Most of many hosts have none of these: they share the empty ones, which stay empty. */
const noServices: HostResult['services'] = new Map();
const none: never[] = [];

/** The state of a run, folded from its events. */
export interface ScanResult {
  readonly hosts: Map<string, HostResult>;
  readonly notes: EngineEventOf<'note'>[];
  /** Units that are not evaluable or were cancelled, blocks included. */
  readonly untested: {
    readonly phase: Phase;
    readonly subject: string;
    readonly reason: string;
    readonly detail: string;
  }[];
  readonly units: Map<Phase, { started: number; ended: number }>;
  /** Checks that were left out because they are not safe for their target, with the rules' reasons. */
  readonly notAllowed: Map<string, string>;
  /** Ids of the checks that something was said of, on any host. */
  readonly told: Set<string>;
  addressesTried: number;
  stats: EngineEventOf<'stats'> | null;
}

export function emptyResult(): ScanResult {
  return {
    hosts: new Map(),
    notes: [],
    untested: [],
    units: new Map(),
    notAllowed: new Map(),
    told: new Set(),
    addressesTried: 0,
    stats: null,
  };
}

/** Adds one event. Costs do not depend on how many came before. */
export function addEvent(result: ScanResult, event: EngineEvent): void {
  switch (event.type) {
    case 'unit':
      addUnit(result, event);
      return;
    case 'host':
      if (event.state === 'up') hostOf(result, event).host = event;
      return;
    case 'port':
      hostOf(result, event).ports.set(portKey(event), event);
      return;
    case 'service':
      addService(hostOf(result, event), event);
      return;
    case 'finding':
      result.told.add(event.check);
      addFinding(hostOf(result, event), event);
      return;
    case 'os':
      hostOf(result, event).os = event;
      return;
    case 'route':
      hostOf(result, event).route = event;
      return;
    case 'note':
      result.notes.push(event);
      return;
    case 'stats':
      result.stats = event;
      return;
    case 'checked':
      addChecked(result, event);
      return;
    case 'network':
      return;
  }
}

function addChecked(result: ScanResult, event: EngineEventOf<'checked'>): void {
  for (const check of event.passed) result.told.add(check);
  for (const { check, reason, detail } of event.notEvaluable) {
    result.told.add(check);
    if (reason === 'check-not-allowed') result.notAllowed.set(check, detail ?? '');
  }
}

/** How many of the installed checks had nothing to run on; null while no host was checked to its end. */
export function withoutPlace(result: ScanResult, installed: number): number | null {
  if ((result.units.get('checks')?.ended ?? 0) === 0) return null;
  return Math.max(0, installed - result.told.size);
}

function addUnit(result: ScanResult, event: EngineEventOf<'unit'>): void {
  const { phase, subject } = event.unit;
  const units = result.units.get(phase) ?? { started: 0, ended: 0 };
  result.units.set(phase, units);
  if (event.state === 'running') {
    units.started += 1;
    return;
  }
  units.ended += 1;
  if (phase === 'discovery') result.addressesTried += event.counts?.addresses ?? 0;
  const host = result.hosts.get(subject);
  if (host) host.lastAt = event.time;
  if (host && event.coverage) host.coverage = event.coverage;
  if (event.state === 'done') return;
  const entry = { phase, reason: event.reason ?? event.state, detail: event.detail ?? '' };
  result.untested.push({ ...entry, subject });
  if (host) host.untested = added(host.untested, entry);
}

function addService(host: HostResult, event: EngineEventOf<'service'>): void {
  if (host.services === noServices) host.services = new Map();
  host.services.set(portKey(event), event);
}

function addFinding(host: HostResult, event: EngineEventOf<'finding'>): void {
  host.findings = added(host.findings, event);
}

/** The list with one more; the shared empty one is replaced. */
function added<T>(list: T[], entry: T): T[] {
  if (list.length === 0) return [entry];
  list.push(entry);
  return list;
}

function portKey(event: { protocol: string; port: number }): string {
  return `${event.protocol}/${event.port}`;
}

function hostOf(result: ScanResult, { address, time }: { address: string; time: string }): HostResult {
  const known = result.hosts.get(address);
  if (known) {
    known.lastAt = time;
    return known;
  }
  const host: HostResult = {
    address,
    host: null,
    ports: new Map(),
    services: noServices,
    findings: none,
    coverage: undefined,
    os: null,
    route: null,
    firstAt: time,
    lastAt: time,
    untested: none,
  };
  result.hosts.set(address, host);
  return host;
}

/** How many findings of each severity. */
export function countFindings(result: ScanResult): Record<Severity, number> {
  const counts: Record<Severity, number> = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const host of result.hosts.values()) for (const finding of host.findings) counts[finding.severity] += 1;
  return counts;
}

/** True when something was found that is more than information. */
export function hasFindings(result: ScanResult): boolean {
  const counts = countFindings(result);
  return severities.some((severity) => severity !== 'info' && counts[severity] > 0);
}

/** Ports of a host that are open, by number. */
export function openPorts(host: HostResult): EngineEventOf<'port'>[] {
  const open = [...host.ports.values()].filter((port) => port.state === 'open');
  if (open.length < 2) return open;
  return open.sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol));
}
