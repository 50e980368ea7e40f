import type { RangeSet } from '@picket/base/range-set';
import type { PacketRequest, PacketAnswer } from './packet-prober.ts';
import type { ListName, ProbeSpec } from './probe-list.ts';

/** What the packet loop is told once, when it starts. */
export interface LoopConfig {
  /** The scope: not one packet goes elsewhere, but for questions for the MAC of a next hop. */
  readonly allowed: RangeSet;
  readonly lists: readonly { readonly name: ListName; readonly probes: readonly ProbeSpec[] }[];
  readonly rates: LoopRates;
  /** Packets to a silent cell, and the longest wait for an answer. */
  readonly patience: { readonly passes: number; readonly timeoutMs: number };
  /** Unpredictable, 8 bytes. */
  readonly key: Uint8Array;
  readonly seed: number;
  /** First port of the 2,048 that packets come from. */
  readonly firstSourcePort: number;
  /** Scan from this port alone, or null. */
  readonly sourcePort: number | null;
  readonly echoId: number;
  /** 802.1Q identifier for all frames, or null. */
  readonly vlan: number | null;
  /** Send from this address where the interface has it (canonical), or null. */
  readonly sourceAddress: string | null;
  readonly control: SharedArrayBuffer;
  /** The run's time when the loop is opened, epoch milliseconds: the times of `LoopControl` are of it, and not of the machine's wall clock. */
  readonly openedAtMs: number;
}

/** Packets a second, and half-open connections. */
export interface LoopRates {
  readonly scan: number;
  readonly host: number;
  readonly network: number;
  /** Questions to everybody on a link: ARP, neighbour discovery. */
  readonly multicast: number;
  /** Unanswered connections through one gateway. */
  readonly halfOpen: number;
}

/** Main thread to loop. */
export type LoopRequest =
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly list: ListName;
      readonly addresses: RangeSet;
      readonly rttHintMs: number | null;
      /** See `SentCounts`; null: nobody asks. */
      readonly sentCounts: SharedArrayBuffer | null;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'exchange'; readonly id: number; readonly request: Omit<PacketRequest, 'signal'> };

/** Loop to main thread. */
export type LoopReport =
  /** Fixed records, see `records.ts`. */
  | { readonly kind: 'records'; readonly records: ArrayBuffer }
  | TaskEnd
  | { readonly kind: 'answers'; readonly id: number; readonly answers: readonly PacketAnswer[] }
  /** The loop ended by a fault of ours. */
  | { readonly kind: 'fault'; readonly message: string };

/** A part of a request ended: all addresses from `offset` on, `count` of them. */
export interface TaskEnd {
  readonly kind: 'end';
  readonly id: number;
  readonly offset: number;
  readonly count: number;
  /** Why nothing could be asked: no packet can reach these addresses from here (`elsewhere`: ordinary sockets may), or something failed. */
  readonly refused: { readonly reason: 'elsewhere' | 'failed'; readonly detail: string } | null;
  /** A state a cell: `probe * count + address`. Empty when refused, and for discovery. */
  readonly states: Uint8Array;
  /** Flags an address, see `hostFlag`. */
  readonly hosts: Uint8Array;
  /** Packets an address got. */
  readonly sent: Uint32Array;
  /** Six bytes an address, or empty. */
  readonly macs: Uint8Array;
}
