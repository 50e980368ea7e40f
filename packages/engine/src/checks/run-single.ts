import type { Clock } from '@picket/base/clock';
import { type IpRange, parseIp } from '@picket/base/ip';
import type { Random } from '@picket/base/random';
import type { RangeSet } from '@picket/base/range-set';
import type { CompiledCheck } from '@picket/checks/check';
import type { Endpoint } from '@picket/checks/run/target-scope';
import type { Workflow } from '@picket/checks/workflow/link-workflow';
import type { Profile } from '@picket/plan/profile';
import { Governor } from '../gate/governor.ts';
import { JobLimits } from '../gate/limits.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { scopeOf } from '../gate/scope.ts';
import { ScopeGate } from '../gate/scope-gate.ts';
import type { SocketFactory } from '../gate/socket-factory.ts';
import type { ServiceEvent } from '../run/stages.ts';
import { type CheckPlace, type CheckResult, runCheck } from './check-run.ts';
import { type CheckLimits, type CheckSurroundings, checkSession, defaultCheckLimits } from './check-session.ts';
import { type CheckSettings, noSettings } from './check-settings.ts';
import { runWorkflow } from './workflow/run-workflow.ts';

/** One check on one endpoint, with no scan around it. */
export interface SingleRun {
  readonly check: CompiledCheck;
  /** The check is a workflow: these are its parts. */
  readonly workflow?: Workflow;
  readonly endpoint: Endpoint;
  readonly protocol: 'tcp' | 'udp';
  /** Run it although it is not safe for its target. */
  readonly intrusive: boolean;
  readonly profile: Profile;
  readonly signal: AbortSignal;
  readonly limits?: CheckLimits;
  readonly settings?: CheckSettings;
  readonly observe?: CheckPlace['observe'];
}

export interface SingleRunDeps {
  readonly sockets: SocketFactory;
  readonly clock: Clock;
  readonly random: Random;
  /** The machine's own list has the last word. Null: it has none. */
  readonly localAllowList: RangeSet | null;
  /** Absent: no resolver is asked. */
  readonly around?: Partial<CheckSurroundings>;
}

/**
 * Runs one check through the scope gate: only the endpoint's address can be reached, at the pace of the profile; none where it
 * looks into files. Never throws for what a target does.
 */
export async function runSingleCheck(run: SingleRun, deps: SingleRunDeps): Promise<CheckResult> {
  const { check, endpoint, profile } = run;
  const { clock, random, sockets } = deps;
  const blocks = deps.around?.files ? [] : blocksOf(endpoint);
  const { allowed } = scopeOf({ blocks, exclusions: [] }, deps.localAllowList);
  const pause = new PauseGate();
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const governor = new Governor({ profile, clock, pause, signal });
  const limits = new JobLimits({ deadlineMs: null, window: null }, undefined, clock);
  const gate = new ScopeGate({ sockets, allowed, governor, limits, pause, clock, signal, onLimit: () => stop.abort() });
  const host = gate.session(endpoint.address);
  const session = checkSession(
    { dialer: host.dialer, clock, random, signal: host.signal },
    run.limits ?? defaultCheckLimits,
    undefined,
    run.settings ?? noSettings,
    deps.around,
  );
  try {
    const place = {
      service: serviceOf(run),
      endpoint,
      contentVersion: 'none',
      intrusive: run.intrusive,
      ...(run.observe ? { observe: run.observe } : {}),
    };
    return run.workflow
      ? (await runWorkflow(run.workflow, place, session)).result
      : await runCheck(check, place, session);
  } finally {
    session.pool.close();
    host.close();
    stop.abort();
  }
}

function blocksOf(endpoint: Endpoint): IpRange[] {
  const address = parseIp(endpoint.address);
  return address.ok ? [{ family: address.value.family, first: address.value.bits, last: address.value.bits }] : [];
}

/** As if identification had found what the check is for. */
function serviceOf({ check, endpoint, protocol }: SingleRun): ServiceEvent {
  return {
    type: 'service',
    unit: { phase: 'services', subject: endpoint.address },
    time: new Date(0).toISOString(),
    address: endpoint.address,
    protocol,
    port: endpoint.port,
    service: check.services[0] ?? (check.protocols[0] === 'http' ? 'http' : 'unknown'),
    cpes: [],
    confidence: 1,
    method: 'probe',
    ...(endpoint.tls ? { tunnel: 'tls' as const } : {}),
  };
}
