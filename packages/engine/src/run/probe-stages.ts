import type { IpRange } from '@picket/base/ip';
import type { RangeSet } from '@picket/base/range-set';
import type { ProbeTally } from './probe-tally.ts';

/**
 * The two stages that a packet engine replaces. Both are called per unit, many units at once; an implementation is free
 * to gather the units under way into one stream of packets.
 */

/** An address that answered, or is taken for a host without asking. */
export interface FoundHost {
  /** Canonical IP literal. */
  readonly address: string;
  readonly reason:
    | 'syn-ack'
    | 'rst'
    | 'udp-answer'
    | 'icmp-echo'
    | 'icmp-timestamp'
    | 'port-unreachable'
    | 'arp'
    | 'ndp'
    | 'assumed'
    | 'local';
  /** The port that answered. */
  readonly port?: number;
  readonly rttMs?: number;
  /** `aa:bb:cc:dd:ee:ff`, when the host shares a link with us and a frame of it was seen. */
  readonly mac?: string;
  /** The port scan of this host, when discovery was one (plans with few ports). */
  readonly scanned?: PortScanResult;
}

export interface DiscoverRequest {
  readonly block: IpRange;
  /** The part of the block that is in scope. */
  readonly addresses: RangeSet;
  readonly signal: AbortSignal;
  /** Called for each host as soon as it is found; waiting for its answer holds discovery back. */
  readonly onFound: (host: FoundHost) => Promise<void>;
  /** Called for each silent address. */
  readonly onSilent: (address: string) => void;
  /** Called for each address that this machine could not ask (out of descriptors, ports, …) or was not allowed to. */
  readonly onUntested: (address: string, detail: string) => void;
  /** Told all that goes out for it. */
  readonly tally: ProbeTally;
}

/** Finds the hosts of a block. Rejects only for an abort or a bug. */
export type DiscoverHosts = (request: DiscoverRequest) => Promise<void>;

export interface OpenPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly state: 'open' | 'open|filtered';
  /** `accepted`, `reset`, `syn-ack`, `udp-answer`, `no-answer`. */
  readonly reason: string;
  readonly ttl?: number;
}

/** How the ports of one protocol answered; sorted. `tested` holds all of them, what was not asked is nowhere. */
export interface PortCoverage {
  readonly protocol: 'tcp' | 'udp';
  readonly tested: readonly number[];
  readonly closed: readonly number[];
  readonly filtered: readonly number[];
}

export interface PortScanResult {
  readonly open: readonly OpenPort[];
  readonly coverage: readonly PortCoverage[];
  /** Why some ports were not asked, or null. */
  readonly untested: {
    readonly reason: 'local-limit' | 'scope-denied';
    readonly count: number;
    readonly detail: string;
  } | null;
  /** Packets that the host got for it, where they are counted. */
  readonly packets?: number;
}

export interface ScanPortsRequest {
  /** Canonical IP literal. */
  readonly address: string;
  /** Round trip seen in discovery, for the first time-outs. */
  readonly rttHintMs?: number;
  readonly signal: AbortSignal;
  /** Called for each open port as soon as it is known. */
  readonly onOpen?: (port: OpenPort) => void;
  /** Told what goes out by ordinary sockets. */
  readonly tally?: ProbeTally;
}

/** Asks the ports of the job on one host, each once, silent ones again. Rejects only for an abort or a bug. */
export type ScanPorts = (request: ScanPortsRequest) => Promise<PortScanResult>;

export interface ProbeStages {
  readonly discover: DiscoverHosts;
  readonly scanPorts: ScanPorts;
  /** Addresses whose discovery may be under way at once. */
  readonly addressesAtOnce: number;
}
