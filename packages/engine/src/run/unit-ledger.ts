import { type Clock, isoTime } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import {
  type EngineEvent,
  type EngineEventOf,
  type NotEvaluableReason,
  type ProbesSent,
  type UnitRef,
  unitKey,
} from '@picket/contracts/event';
import { onAbort } from '../gate/abort-hub.ts';
import { leavesWork, type LimitReason } from '../gate/limits.ts';
import type { Emit, Without } from './stages.ts';

/** Why a run ends early; the reason of its abort signal. */
export type RunStop =
  | { readonly kind: 'stopped'; readonly detail: string }
  | { readonly kind: 'limit'; readonly reason: LimitReason };

type Counts = NonNullable<EngineEventOf<'unit'>['counts']>;
type Coverage = NonNullable<EngineEventOf<'unit'>['coverage']>;

/** How a unit ends by itself. */
export interface UnitEnd {
  readonly state: 'done' | 'not-evaluable';
  readonly reason?: NotEvaluableReason;
  readonly detail?: string;
  readonly counts?: Counts;
  readonly coverage?: Coverage;
  readonly probes?: ProbesSent;
}

/** What the event that closes a unit carries however it ends; `stop`: why it did not come to its end, or null. Called at that moment. */
export type Closing = (stop: NotEvaluableReason | null) => Pick<UnitEnd, 'probes'>;

/** A fact or note without what the unit adds. */
export type Fact = Without<Exclude<EngineEvent, { type: 'unit' }>, 'unit' | 'time'>;

/** What the work of a unit may say. After the unit was closed from outside it falls silent. */
export interface UnitVoice {
  readonly tell: (fact: Fact) => void;
  readonly open: () => boolean;
}

export interface UnitLedgerInit {
  readonly emit: Emit;
  readonly clock: Clock;
  readonly log: Log;
  /** Ended by earlier runs: never run again. */
  readonly ended: readonly UnitRef[];
  /** Its reason is a `RunStop`. */
  readonly signal: AbortSignal;
}

/**
 * Runs units and reports each exactly as `contracts/event` says: `running`, facts, one end. When the run is stopped,
 * every open unit is closed at that moment, without waiting for its work to notice.
 */
export class UnitLedger {
  readonly #init: UnitLedgerInit;
  readonly #ended: Set<string>;
  #faults = 0;

  constructor(init: UnitLedgerInit) {
    this.#init = init;
    this.#ended = new Set(init.ended.map(unitKey));
  }

  /** Units that ended by a fault of ours. */
  get faults(): number {
    return this.#faults;
  }

  /** True when an earlier run ended it. */
  hasEnded(unit: UnitRef): boolean {
    return this.#ended.has(unitKey(unit));
  }

  /** Runs a unit, unless the run is over: then it only says what becomes of the unit. Never rejects. */
  async run(
    unit: UnitRef,
    work: (voice: UnitVoice) => Promise<UnitEnd>,
    closing: Closing = nothingMore,
  ): Promise<void> {
    if (this.#init.signal.aborted) return this.leave(unit);
    this.#tell(unit, { type: 'unit', state: 'running' });
    let open = true;
    const voice: UnitVoice = {
      tell: (fact) => {
        if (open) this.#tell(unit, fact);
      },
      open: () => open,
    };
    await new Promise<void>((resolve) => {
      const close = (end: () => void) => {
        if (!open) return;
        end();
        open = false;
        stop();
        resolve();
      };
      const stop = onAbort(this.#init.signal, () => close(() => this.#closeStopped(unit, closing)));
      work(voice).then(
        (end) => close(() => this.#closeEnded(unit, { ...end, ...closing(null) })),
        (error: unknown) => close(() => this.#closeFailed(unit, error, closing)),
      );
    });
  }

  /** Says of a unit that never ran what the end of the run means for it: nothing when others go on with it, the limit else. */
  leave(unit: UnitRef): void {
    const stop = stopOf(this.#init.signal);
    if (stop?.kind !== 'limit' || leavesWork(stop.reason) || this.hasEnded(unit)) return;
    this.#tell(unit, { type: 'unit', state: 'not-evaluable', reason: stop.reason });
  }

  #closeStopped(unit: UnitRef, closing: Closing): void {
    const stop = stopOf(this.#init.signal);
    if (stop?.kind !== 'limit')
      this.#tell(unit, {
        type: 'unit',
        state: 'cancelled',
        reason: 'cancelled',
        ...detailOf(stop?.detail),
        ...closing('cancelled'),
      });
    else
      this.#tell(unit, {
        type: 'unit',
        state: leavesWork(stop.reason) ? 'cancelled' : 'not-evaluable',
        reason: stop.reason,
        ...closing(stop.reason),
      });
  }

  #closeFailed(unit: UnitRef, error: unknown, closing: Closing): void {
    if (this.#init.signal.aborted) return this.#closeStopped(unit, closing);
    this.#faults += 1;
    const message = describeError(error);
    this.#init.log.write('error', 'engine.stage-failed', { phase: unit.phase, subject: unit.subject, message });
    this.#tell(unit, {
      type: 'note',
      level: 'error',
      code: 'engine.stage-failed',
      message: `${unitKey(unit)} failed inside the engine: ${message}`,
    });
    const reason = 'internal-error';
    this.#tell(unit, { type: 'unit', state: 'not-evaluable', reason, detail: message, ...closing(reason) });
  }

  #closeEnded(unit: UnitRef, end: UnitEnd): void {
    if (end.reason === 'internal-error') this.#faults += 1;
    this.#tell(unit, { type: 'unit', ...end });
  }

  #tell(unit: UnitRef, payload: Without<EngineEvent, 'unit' | 'time'>): void {
    this.#init.emit({ ...payload, unit, time: isoTime(this.#init.clock.now()) });
  }
}

const nothingMore: Closing = () => ({});

function detailOf(detail: string | undefined): { detail?: string } {
  return detail ? { detail } : {};
}

/** The reason for which a run's signal aborted; null while it has not. */
export function stopOf(signal: AbortSignal): RunStop | null {
  return signal.aborted && isRunStop(signal.reason) ? signal.reason : null;
}

function isRunStop(reason: unknown): reason is RunStop {
  return typeof reason === 'object' && reason !== null && 'kind' in reason;
}
