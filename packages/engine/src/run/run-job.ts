import { type Clock, isoTime } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { RangeSet } from '@picket/base/range-set';
import type { EngineEvent, NotEvaluableReason } from '@picket/contracts/event';
import { blockSubject } from '@picket/plan/blocks';
import { onAbort } from '../gate/abort-hub.ts';
import { connectDiscovery } from '../connect/connect-discovery.ts';
import { connectPorts } from '../connect/connect-ports.ts';
import { Breath } from './breath.ts';
import { EventQueue } from './event-queue.ts';
import { Governor } from '../gate/governor.ts';
import type { EngineJob } from './job.ts';
import type { LeaseTerm } from '../gate/lease-term.ts';
import { JobLimits, leavesWork } from '../gate/limits.ts';
import { pausableClock } from '../gate/pausable-clock.ts';
import type { PauseGate } from '../gate/pause-gate.ts';
import { runPipeline } from './pipeline.ts';
import type { RunContext } from './run-context.ts';
import { scopeOf } from '../gate/scope.ts';
import { ScopeGate } from '../gate/scope-gate.ts';
import { Semaphore } from './semaphore.ts';
import type { NameResolver, SocketFactory } from '../gate/socket-factory.ts';
import type { IdentifyOs } from '../os/identify-os.ts';
import type { PacketOptions } from '../packets/loop-config.ts';
import { LoopControl } from '../packets/loop-control.ts';
import type { OpenLink } from '../link-search/link-search.ts';
import type { NetworkTable } from '../packets/network-table.ts';
import type { OpenPackets } from '../packets/packet-port.ts';
import { openPacketRun, type PacketRun } from '../packets/packet-run.ts';
import type { ProbeStages } from './probe-stages.ts';
import type { IdentifyService, NameStage, RunChecks, UdpPayloads } from './stages.ts';
import { type RunStop, stopOf, UnitLedger } from './unit-ledger.ts';

/** Blocks of 256 addresses, 64 of them; the stage itself takes fewer addresses up at once. */
const connectAddressesAtOnce = 64 * 256;

/** The outside world of a run. */
export interface EngineDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly sockets: SocketFactory;
  /** PTR look-ups for hosts that are up. Null: none. */
  readonly resolver: NameResolver | null;
  /** Names from the hosts themselves and from WINS, and makers of interfaces. Absent: none. */
  readonly names?: NameStage;
  readonly identify: IdentifyService | null;
  /** Absent: operating systems are not told apart. */
  readonly identifyOs?: IdentifyOs | null;
  /** Opens whole links, for asking all their IPv6 hosts. Absent: only a sweep finds them. */
  readonly openLink?: OpenLink | null;
  /** Links and routes of this machine: for the networks and ways of a map. Absent: none are told. */
  readonly networkTable?: NetworkTable | null;
  readonly checks: RunChecks | null;
  /** How many checks and workflows `checks` knows. Absent: nobody asks. */
  readonly installedChecks?: number;
  /** Raw packets. Absent or null: this machine may not send them, ports are tried by ordinary connections. */
  readonly packets?: { readonly open: OpenPackets; readonly options: PacketOptions } | null;
  /** How this machine probes, told once a run. Absent: nothing is told. */
  readonly mode?: ProbeMode;
  /** Better UDP probes than an empty datagram. */
  readonly udpPayloads?: UdpPayloads;
  /** The appliance's own list has the last word. Null: it has none, the job's scope stands. */
  readonly localAllowList: RangeSet | null;
}

/** Raw packets or ordinary connections, and for people what that means. */
export interface ProbeMode {
  readonly name: 'raw' | 'connect';
  readonly level: 'info' | 'warning';
  readonly message: string;
}

/** How the owner of a run steers it. */
export interface EngineControl {
  /** Ends the run within a second; open units are reported as cancelled. */
  readonly signal: AbortSignal;
  readonly pause: PauseGate;
  /** Absent on the command line. When it ends unrenewed the run stops; open units are reported as cancelled (another appliance takes them). */
  readonly lease?: LeaseTerm;
}

/** `complete`: every unit ended. `incomplete`: limits or faults of ours kept units from ending well. `stopped`: by signal or lease end. */
export interface JobOutcome {
  readonly outcome: 'complete' | 'incomplete' | 'stopped';
  readonly reason?: NotEvaluableReason;
  readonly detail?: string;
}

/**
 * Runs a job and tells everything as it happens. Reading slower slows the scan down (bounded queue); leaving the loop
 * early cancels it. Never throws for what the network does.
 */
export async function* runJob(
  job: EngineJob,
  deps: EngineDeps,
  control: EngineControl,
): AsyncGenerator<EngineEvent, JobOutcome> {
  const queue = new EventQueue();
  const stop = new AbortController();
  const end = (reason: RunStop) => stop.abort(reason);
  const unlink = onAbort(control.signal, () => end({ kind: 'stopped', detail: describeStop(control.signal) }));
  const over = new AbortController();
  const limits = new JobLimits(job, control.lease, deps.clock);
  void limits.watch(AbortSignal.any([stop.signal, over.signal]), (reason) => end({ kind: 'limit', reason }));
  const shared = new LoopControl();
  const { clock } = deps;
  const governor = new Governor({ profile: job.profile, clock, pause: control.pause, signal: stop.signal, shared });
  const parts = { job, deps, control, queue, governor, limits, signal: stop.signal, end, shared };
  const { context, packets } = buildContext(parts);
  const unstop = onAbort(stop.signal, () => shared.stop());
  const running = work(context, limits)
    .catch((error: unknown) => deps.log.write('error', 'engine.run-failed', { message: describeError(error) }))
    .finally(() => packets?.close())
    .finally(() => {
      over.abort();
      queue.end();
    });
  void tellStats({ job, deps, queue, governor, signal: over.signal });
  try {
    const breath = new Breath(() => clock.monotonic());
    for (let event = await queue.next(); event !== null; event = await queue.next()) {
      yield event;
      await breath.take();
    }
    yield* lastStats({ job, deps, queue, governor, signal: over.signal });
    return outcomeOf(context);
  } finally {
    unlink();
    unstop();
    shared.stop();
    end({ kind: 'stopped', detail: 'nobody reads the results any more' });
    await running;
  }
}

async function work(context: RunContext, limits: JobLimits): Promise<void> {
  await limits.whenOpen(context.signal).catch(() => {});
  await runPipeline(context);
}

interface RunParts {
  readonly job: EngineJob;
  readonly deps: EngineDeps;
  readonly control: EngineControl;
  readonly queue: EventQueue;
  readonly governor: Governor;
  readonly limits: JobLimits;
  readonly signal: AbortSignal;
  readonly end: (reason: RunStop) => void;
  readonly shared: LoopControl;
}

function buildContext(parts: RunParts): { readonly context: RunContext; readonly packets: PacketRun | null } {
  const { job, deps, control, queue, governor, limits, signal, end } = parts;
  const { clock, random } = deps;
  const scope = scopeOf(job, deps.localAllowList);
  const gate = new ScopeGate({
    sockets: deps.sockets,
    allowed: scope.allowed,
    governor,
    limits,
    pause: control.pause,
    clock,
    signal,
    onLimit: (reason) => end({ kind: 'limit', reason }),
  });
  const fallback = connectStages(parts, gate);
  const packets = packetsOf(parts, scope.allowed, fallback);
  const context: RunContext = {
    job,
    scope,
    gate,
    queue,
    ledger: new UnitLedger({
      emit: (event) => queue.push(event),
      clock,
      log: deps.log,
      ended: job.resume.ended,
      signal,
    }),
    stages: packets?.stages ?? fallback,
    resolver: deps.resolver,
    names: deps.names ?? null,
    identify: deps.identify,
    identifyOs: deps.identifyOs ?? null,
    packetProber: packets?.prober ?? null,
    networkTable: deps.networkTable ?? null,
    openLink: deps.openLink ?? null,
    mode: deps.mode ?? null,
    checks: deps.checks,
    clock: pausableClock(clock, control.pause, signal),
    random,
    log: deps.log,
    signal,
    hostPlaces: new Semaphore(job.profile.hostsAtOnce),
  };
  return { context, packets };
}

/** The stages that need no privilege. */
function connectStages({ job, deps, queue }: RunParts, gate: ScopeGate): ProbeStages {
  const room = () => queue.room();
  const scanPorts = connectPorts({
    job,
    prober: gate,
    seed: deps.random.integer(2 ** 32),
    udpPayloads: deps.udpPayloads ?? (() => []),
    room,
  });
  const discover = connectDiscovery({ job, prober: gate, scanPorts, room });
  return { discover, scanPorts, addressesAtOnce: connectAddressesAtOnce };
}

function packetsOf(parts: RunParts, allowed: RangeSet, fallback: ProbeStages): PacketRun | null {
  const { job, deps, control, queue, governor, shared } = parts;
  if (!deps.packets) return null;
  return openPacketRun({
    ...deps.packets,
    job,
    allowed,
    udpPayloads: deps.udpPayloads ?? (() => []),
    random: deps.random,
    clock: deps.clock,
    log: deps.log,
    governor,
    control: shared,
    pause: control.pause,
    lease: control.lease,
    fallback,
    room: () => queue.room(),
  });
}

interface StatsParts {
  readonly job: EngineJob;
  readonly deps: EngineDeps;
  readonly queue: EventQueue;
  readonly governor: Governor;
  readonly signal: AbortSignal;
}

/** About once a second, until the run is over. */
async function tellStats(parts: StatsParts): Promise<void> {
  try {
    for (;;) {
      await parts.deps.clock.sleep(1000, parts.signal);
      if (!parts.queue.full) for (const event of lastStats(parts)) parts.queue.push(event);
    }
  } catch (error) {
    if (!parts.signal.aborted) throw error;
  }
}

function* lastStats({ job, deps, governor }: StatsParts): Generator<EngineEvent> {
  const block = job.blocks[0];
  if (!block) return;
  const { busiestHost, ...stats } = governor.stats();
  const unit = { phase: 'discovery', subject: blockSubject(block) } as const;
  yield { type: 'stats', unit, time: isoTime(deps.clock.now()), ...stats, ...(busiestHost ? { busiestHost } : {}) };
}

function outcomeOf(context: RunContext): JobOutcome {
  const stop = stopOf(context.signal);
  if (stop?.kind === 'stopped') return { outcome: 'stopped', reason: 'cancelled', detail: stop.detail };
  if (stop) return { outcome: leavesWork(stop.reason) ? 'stopped' : 'incomplete', reason: stop.reason };
  if (context.ledger.faults > 0)
    return {
      outcome: 'incomplete',
      reason: 'internal-error',
      detail: `${context.ledger.faults} units failed inside the engine`,
    };
  return { outcome: 'complete' };
}

function describeStop(signal: AbortSignal): string {
  return typeof signal.reason === 'string' ? signal.reason.slice(0, 500) : 'cancelled';
}
