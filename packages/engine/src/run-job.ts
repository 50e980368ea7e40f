import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { RangeSet } from '@picket/base/range-set';
import type { EngineEvent, NotEvaluableReason } from '@picket/contracts/event';
import type { EngineJob } from './job.ts';
import type { LeaseTerm } from './lease-term.ts';
import type { PauseGate } from './pause-gate.ts';
import type { NameResolver, SocketFactory } from './socket-factory.ts';
import type { IdentifyService, RunChecks, UdpPayloads } from './stages.ts';

/** The outside world of a run. */
export interface EngineDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly sockets: SocketFactory;
  /** PTR look-ups for hosts that are up. Null: none. */
  readonly resolver: NameResolver | null;
  readonly identify: IdentifyService | null;
  readonly checks: RunChecks | null;
  /** Better UDP probes than an empty datagram. */
  readonly udpPayloads?: UdpPayloads;
  /** The appliance's own list has the last word. Null: it has none, the job's scope stands. */
  readonly localAllowList: RangeSet | null;
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
// biome-ignore lint/correctness/useYield: the body follows
export async function* runJob(
  job: EngineJob,
  deps: EngineDeps,
  control: EngineControl,
): AsyncGenerator<EngineEvent, JobOutcome> {
  throw new Error(`not built yet: ${job.kind} ${deps.log} ${control.pause.paused}`);
}
