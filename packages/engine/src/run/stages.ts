import type { Clock } from '@picket/base/clock';
import type { Dialer } from '@picket/base/dialer';
import type { Random } from '@picket/base/random';
import type { ChecksProgress } from '@picket/contracts/checks-progress';
import type { EngineEvent, EngineEventOf } from '@picket/contracts/event';
import type { NameQuestion } from '../names/name-question.ts';

/** `Omit` over each member of a union. */
export type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export type ServiceEvent = EngineEventOf<'service'>;
export type HostName = NonNullable<EngineEventOf<'host'>['names']>[number];

/** What a stage may use. The dialer reaches the one target only; the clock stands still while the job is paused. */
export interface StageTools {
  readonly dialer: Dialer;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the job is cancelled, meets its deadline or used up the unit's time. All sockets close by themselves then. */
  readonly signal: AbortSignal;
}

export interface IdentifyTarget {
  /** Canonical IP literal. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Known names of the host, the target's own first: for TLS SNI and HTTP Host. */
  readonly names: readonly string[];
  /** The user wants devices asked that may print or stop at a question (`services/fragile-ports.ts`). Absent: they are spared. */
  readonly askFragile?: boolean;
}

/** A service event without what the pipeline adds: where it is, its unit and the time. */
export type ServiceFacts = Without<ServiceEvent, 'type' | 'unit' | 'time' | 'address' | 'protocol' | 'port'>;

/** Finds out what speaks on an open port. Always gives facts: `unknown` when nothing was recognised. A throw is a bug, reported as such. */
export type IdentifyService = (target: IdentifyTarget, tools: StageTools) => Promise<ServiceFacts>;

/** Datagrams worth sending to a UDP port, best first; an empty list makes the port scan send an empty datagram. */
export type UdpPayloads = (port: number) => readonly Uint8Array[];

/** How hosts are named beyond DNS. */
export interface NameStage {
  /** Ways to ask a host itself. */
  readonly questions: readonly NameQuestion[];
  /** WINS servers of the appliance, canonical IPv4 literals; those outside the scope of a job are not asked. */
  readonly winsServers: readonly string[];
  /** The maker of an interface by its MAC; null when unknown. */
  readonly vendorOf: (mac: string) => string | null;
}

export interface CheckTarget {
  /** Canonical IP literal. */
  readonly address: string;
  readonly names: readonly string[];
  readonly services: readonly ServiceEvent[];
  /** What an interrupted run ended of its checks, by place; absent: nothing. */
  readonly earlier?: readonly ChecksProgress[];
}

export interface CheckTools extends StageTools {
  /** False: only checks that are safe for the target. */
  readonly intrusive: boolean;
  /** How many checks may run on this host at once (profile). */
  readonly parallel: number;
}

/** A `finding`, `checked` or `note` event without unit and time. */
export type CheckPayload = Without<
  EngineEventOf<'finding'> | EngineEventOf<'checked'> | EngineEventOf<'note'>,
  'unit' | 'time'
>;

/** Runs every check that applies to a host and tells the results as they come. */
export type RunChecks = (target: CheckTarget, tools: CheckTools) => AsyncIterable<CheckPayload>;

/** Takes an event out to the consumer of the job. */
export type Emit = (event: EngineEvent) => void;
