import { type IpRange, parseRange } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import { err, ok, type Result } from '@picket/base/result';
import type { Lease } from '@picket/contracts/lease';
import { emptyResume, type ResumeState } from '@picket/contracts/resume';
import { blockSizing, blocks } from '@picket/plan/blocks';
import { type JobKind, type Phase, phases } from '@picket/plan/phase';
import type { PinnedName, Plan } from '@picket/plan/plan';
import { type PortSet, parsePorts } from '@picket/plan/port-set';
import type { Profile } from '@picket/plan/profile';

/** One run of the engine: a whole plan on the command line, or a leased slice of one on an appliance. */
export interface EngineJob {
  readonly kind: JobKind;
  /** In the order they run. */
  readonly phases: readonly Phase[];
  /** Units of discovery, in order. */
  readonly blocks: readonly IpRange[];
  /** Never touched, whatever the blocks say. */
  readonly exclusions: RangeSet;
  readonly names: readonly PinnedName[];
  readonly ports: PortSet;
  readonly profile: Profile;
  /** Take every address for a host that is up. */
  readonly assumeAlive: boolean;
  readonly checks: { readonly intrusive: boolean };
  /** Ask printers and controllers too, which may print or stop at a question. Absent: they are spared. */
  readonly askFragile?: boolean;
  /** Epoch milliseconds. What is not done by then is not evaluable. */
  readonly deadlineMs: number | null;
  /** Epoch milliseconds. Nothing is sent outside it. */
  readonly window: { readonly notBeforeMs: number; readonly notAfterMs: number } | null;
  /** What earlier runs of the same job settled. */
  readonly resume: ResumeState;
}

/** The job that runs a whole plan in this process: no lease, no window, no deadline, safe checks only. */
export function jobFromPlan(plan: Plan): EngineJob {
  return {
    kind: plan.kind,
    phases: plan.phases,
    blocks: [...blocks(plan.ranges, blockSizing(plan.ranges))],
    exclusions: plan.exclusions,
    names: plan.names,
    ports: plan.ports,
    profile: plan.profile,
    assumeAlive: plan.assumeAlive,
    checks: { intrusive: false },
    deadlineMs: null,
    window: null,
    resume: emptyResume,
  };
}

/** The job of a verified lease. The error says which field can't be used. Expiry is not in it: see `LeaseTerm`. */
export function jobFromLease(lease: Lease): Result<EngineJob, string> {
  const blockRanges = ranges(lease.blocks);
  if (!blockRanges.ok) return err(`blocks: ${blockRanges.error}`);
  const exclusions = ranges(lease.exclusions);
  if (!exclusions.ok) return err(`exclusions: ${exclusions.error}`);
  const ports = leasePorts(lease);
  if (!ports.ok) return ports;
  const deadlineMs = Date.parse(lease.deadline);
  const window = lease.window && {
    notBeforeMs: Date.parse(lease.window.notBefore),
    notAfterMs: Date.parse(lease.window.notAfter),
  };
  if (Number.isNaN(deadlineMs)) return err('deadline: it is no time');
  if (window && !(window.notBeforeMs < window.notAfterMs)) return err('window: it ends before it begins');
  return ok({
    kind: lease.kind,
    phases: phases.filter((phase) => lease.phases.includes(phase)),
    blocks: blockRanges.value,
    exclusions: rangeSet(exclusions.value),
    names: lease.names,
    ports: ports.value,
    profile: lease.profile,
    assumeAlive: lease.assumeAlive,
    checks: lease.checks,
    ...(lease.askFragile ? { askFragile: true } : {}),
    deadlineMs,
    window,
    resume: lease.resume,
  });
}

/** Hosts are asked for names on maps and on scans that identify services; a plain port scan asks what it was told to and no more. */
export function asksForNames(job: Pick<EngineJob, 'kind' | 'phases'>): boolean {
  return job.kind === 'map' || job.phases.includes('services');
}

function ranges(texts: readonly string[]): Result<IpRange[], string> {
  const parsed: IpRange[] = [];
  for (const text of texts) {
    const range = parseRange(text);
    if (!range.ok) return err(`"${text}" is no range: ${range.error.reason}`);
    parsed.push(range.value);
  }
  return ok(parsed);
}

/** The lease's lists are what `compressPorts` writes: empty for none. */
function leasePorts(lease: Lease): Result<PortSet, string> {
  const tcp = lease.ports.tcp === '' ? ok({ tcp: [], udp: [] }) : parsePorts(lease.ports.tcp);
  if (!tcp.ok) return err(`ports.tcp: ${tcp.error.message}`);
  const udp = lease.ports.udp === '' ? ok({ tcp: [], udp: [] }) : parsePorts(`U:${lease.ports.udp}`);
  if (!udp.ok) return err(`ports.udp: ${udp.error.message}`);
  return ok({ tcp: tcp.value.tcp, udp: udp.value.udp });
}
