import type { EngineEventOf } from '@picket/contracts/event';
import type { Phase } from '@picket/plan/phase';
import type { PackedCoverage } from '../../../jobs/domain/coverage.ts';
import type { SentProbes } from '../../../jobs/domain/sent-probes.ts';

/** A change of a ledger unit; of several in a batch the last one stands. */
export interface UnitChange {
  readonly sliceId: number;
  readonly phase: Phase;
  readonly subject: string;
  /** For hosts; null for blocks. */
  readonly address: string | null;
  readonly state: 'pending' | 'running' | 'done' | 'not-evaluable' | 'cancelled';
  readonly reason: string | null;
  readonly detail: string | null;
  readonly counts: Readonly<Record<string, number>>;
  /** Of ports: what became of the planned ones. */
  readonly coverage: PackedCoverage | null;
  /** Of discovery: what the events of the batch add to what was sent; null: no event spoke of the block. */
  readonly probes: SentProbes | null;
  readonly at: string;
}

export type FactEvent = EngineEventOf<'host' | 'route' | 'network' | 'port' | 'service' | 'os' | 'finding' | 'checked'>;

/** What a scan saw, by its natural key. */
export interface Fact {
  readonly key: string;
  readonly sliceId: number;
  readonly event: FactEvent;
}

export interface Note {
  readonly sliceId: number;
  readonly seq: number;
  readonly event: EngineEventOf<'note'>;
}

export interface SliceEnding {
  readonly sliceId: number;
  readonly leaseId: string;
  readonly outcome: 'complete' | 'incomplete' | 'stopped';
  readonly reason: string | null;
  readonly detail: string | null;
  /** Cancelled at the appliance, because its network was changed. */
  readonly atConsole: boolean;
  readonly at: string;
}

/** Sent figures of one lease, cumulative. */
export interface SentFigures {
  readonly sliceId: number;
  readonly leaseId: string;
  readonly event: EngineEventOf<'stats'>;
}

/** An operating system. Without confidence and evidence it is what one service said, which a judged one overrules. */
export interface SightedOs {
  readonly name: string;
  /** 0 to 1. */
  readonly confidence: number | null;
  readonly evidence: string | null;
}

/** A host that is there, as one batch tells it. */
export interface HostSighting {
  readonly address: string;
  readonly sliceId: number;
  readonly names: readonly { readonly name: string; readonly source: string }[];
  readonly mac: string | null;
  readonly macVendor: string | null;
  readonly os: SightedOs | null;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** What was said about detections of a host, in order. */
export type Observation =
  | { readonly kind: 'found'; readonly at: number; readonly event: EngineEventOf<'finding'> }
  | { readonly kind: 'checked'; readonly at: number; readonly event: EngineEventOf<'checked'> }
  | {
      readonly kind: 'closed';
      readonly at: number;
      readonly address: string;
      readonly protocol: string;
      readonly ports: ReadonlySet<number>;
    }
  | {
      readonly kind: 'filtered';
      readonly at: number;
      readonly address: string;
      readonly protocol: string;
      readonly ports: ReadonlySet<number>;
    }
  /** A whole phase of the host could not be evaluated, or the host was silent. */
  | { readonly kind: 'unknown'; readonly at: number; readonly address: string; readonly reason: string }
  /** The checks of the host ran to their end. */
  | { readonly kind: 'checks-done'; readonly at: number; readonly address: string };

/** One scan's part of a batch, folded. */
export interface FoldedScan {
  readonly units: readonly UnitChange[];
  readonly facts: readonly Fact[];
  readonly notes: readonly Note[];
  readonly endings: readonly SliceEnding[];
  readonly sent: readonly SentFigures[];
  readonly hosts: readonly HostSighting[];
  readonly observations: readonly Observation[];
  /** Blocks whose discovery ended: hosts of them that did not show are silent now. */
  readonly discovered: readonly string[];
  /** Events about addresses outside their slice, dropped. */
  readonly outOfScope: number;
}
