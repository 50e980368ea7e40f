import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { EventQueue } from './event-queue.ts';
import type { EngineJob } from './job.ts';
import type { PortScanResult, ProbeStages } from './probe-stages.ts';
import type { Scope } from '../gate/scope.ts';
import type { ScopeGate } from '../gate/scope-gate.ts';
import type { Semaphore } from './semaphore.ts';
import type { NameResolver } from '../gate/socket-factory.ts';
import type { IdentifyOs } from '../os/identify-os.ts';
import type { OpenLink } from '../link-search/link-search.ts';
import type { NetworkTable } from '../packets/network-table.ts';
import type { PacketProber } from '../packets/packet-prober.ts';
import type { HostIdentity } from './host-identity.ts';
import type { IdentifyService, NameStage, RunChecks } from './stages.ts';
import type { ProbeMode } from './run-job.ts';
import type { UnitLedger } from './unit-ledger.ts';

/** What the parts of one run share. */
export interface RunContext {
  readonly job: EngineJob;
  readonly scope: Scope;
  readonly gate: ScopeGate;
  readonly ledger: UnitLedger;
  readonly queue: EventQueue;
  readonly stages: ProbeStages;
  readonly resolver: NameResolver | null;
  /** Null: hosts are not asked for their names. */
  readonly names: NameStage | null;
  readonly identify: IdentifyService | null;
  /** Null: operating systems are not told apart. */
  readonly identifyOs: IdentifyOs | null;
  /** Single packets by raw sockets. Null where there are none. */
  readonly packetProber: PacketProber | null;
  /** Whole links, for asking all their IPv6 hosts. Null where packets can't be sent. */
  readonly openLink: OpenLink | null;
  /** Links and routes of this machine. Null where they can't be read. */
  readonly networkTable: NetworkTable | null;
  /** Told once. */
  readonly mode: ProbeMode | null;
  readonly checks: RunChecks | null;
  /** Stands still while the job is paused. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Aborts with a `RunStop`. */
  readonly signal: AbortSignal;
  /** Hosts in work. */
  readonly hostPlaces: Semaphore;
}

/** A host on its way through the phases after discovery. */
export interface HostInWork {
  readonly address: string;
  readonly identity: HostIdentity;
  /** A port scan that discovery made already. */
  readonly scanned?: PortScanResult;
  readonly rttHintMs?: number;
}
