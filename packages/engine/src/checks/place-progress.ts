import { createHash } from 'node:crypto';
import { type ChecksProgress, progressKey } from '@picket/contracts/checks-progress';
import { parseIndexes } from '@picket/contracts/index-ranges';
import type { CheckResult } from './check-run.ts';
import { type CheckedPayload, checkedEvents, type EndedCheck } from './checked-events.ts';

/** How many ended checks wait at most to be told, and how long, milliseconds: a crash loses no more, and these run again. */
const mostUntold = 100;
const longestUntoldMs = 2000;

/** Parts that are kept for the end, so that a long run never lacks one (see `contracts/event`). */
const mostParts = 9000;

/** Reasons that say something of the run, not of the check: it is not done. */
const ofTheRun: ReadonlySet<string> = new Set(['cancelled', 'lease-expired', 'window-closed', 'deadline']);

/** A place whose checks are counted: a port of a host, or the host itself. */
export interface ProgressPlace {
  readonly address: string;
  readonly protocol?: 'tcp' | 'udp';
  readonly port?: number;
}

/** What is to be run on a place. */
export interface PlacePlan {
  /** Ids in their order; one that is there n times is done after n results: it runs for n names of the host. */
  readonly ids: readonly string[];
  /** What else has to be the same for an earlier run to count: version of the content, name and port that is spoken to. */
  readonly basis: readonly string[];
  /** Ids whose result may still change when all others have ended, or that need those others: told at the end, never done before. */
  readonly late: (id: string) => boolean;
}

/**
 * What is known of the checks of one place, and what of it was told. Told results are final, so that a run which is cut off goes on with
 * the rest: whatever `checked` events say is done was reported in full, findings included, before.
 */
export class PlaceProgress {
  /** By id; the worst of a check's runs. */
  readonly results = new Map<string, CheckResult>();
  readonly #place: ProgressPlace;
  readonly #contentVersion: string;
  readonly #plan: string;
  readonly #late: (id: string) => boolean;
  readonly #indexes = new Map<string, number>();
  readonly #left = new Map<string, number>();
  readonly #earlier: ReadonlySet<number>;
  /** Told, or ready to be. */
  readonly #told = new Set<string>();
  #ready: string[] = [];
  #waitsSinceMs = 0;
  #part: number;
  #saidNothing: boolean;

  constructor(
    place: ProgressPlace,
    plan: PlacePlan,
    start: { readonly contentVersion: string; readonly earlier: readonly ChecksProgress[] },
  ) {
    this.#place = place;
    this.#late = plan.late;
    this.#contentVersion = start.contentVersion;
    for (const id of plan.ids) {
      this.#left.set(id, (this.#left.get(id) ?? 0) + 1);
      if (!this.#indexes.has(id)) this.#indexes.set(id, this.#indexes.size);
    }
    this.#plan = digestOf([start.contentVersion, ...plan.basis], plan.ids);
    const known = start.earlier.find((one) => progressKey(one) === progressKey(place));
    this.#earlier = known?.plan === this.#plan ? parseIndexes(known.done) : new Set();
    // Parts of another plan stay beside ours: none takes the place of what is newer.
    this.#part = known?.parts ?? 0;
    this.#saidNothing = this.#earlier.size === 0;
  }

  /** An earlier run ended it, and told how. */
  endedBefore(id: string): boolean {
    const index = this.#indexes.get(id);
    return index !== undefined && this.#earlier.has(index);
  }

  /** A check was run; monotonic milliseconds. */
  end(id: string, result: CheckResult, nowMs: number): void {
    this.#keepWorst(id, result);
    const left = (this.#left.get(id) ?? 1) - 1;
    this.#left.set(id, left);
    if (left > 0 || this.#told.has(id) || !this.#isFinal(id)) return;
    if (this.#ready.length === 0) this.#waitsSinceMs = nowMs;
    this.#ready.push(id);
    this.#told.add(id);
  }

  /** Something may be told now, and is worth an event. A finding always is. */
  isDue(nowMs: number, found: boolean): boolean {
    if (this.#ready.length === 0 || this.#part >= mostParts) return false;
    return found || this.#ready.length >= mostUntold || nowMs - this.#waitsSinceMs >= longestUntoldMs;
  }

  /** Takes what can be told; `tell` says it when all that has to come before it was said. */
  take(): readonly string[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  *tell(ids: readonly string[]): Generator<CheckedPayload> {
    if (ids.length > 0) yield* this.#events(ids);
  }

  /** Everything that was not told yet; at least one event for a place of which nothing was. */
  *finish(): Generator<CheckedPayload> {
    const untold = [...this.results.keys()].filter((id) => !this.#told.has(id) && !this.endedBefore(id));
    const rest = [...this.take(), ...untold];
    if (rest.length > 0 || this.#saidNothing) yield* this.#events(rest);
  }

  *#events(ids: readonly string[]): Generator<CheckedPayload> {
    const place = { type: 'checked', ...this.#place, contentVersion: this.#contentVersion, plan: this.#plan } as const;
    for (const event of checkedEvents(
      place,
      ids.flatMap((id) => this.#ended(id)),
      this.#part,
    )) {
      this.#part = (event.part ?? 0) + 1;
      this.#saidNothing = false;
      yield event;
    }
  }

  #ended(id: string): EndedCheck[] {
    const result = this.results.get(id);
    if (result === undefined) return [];
    return [{ id, index: saysOfTheRun(result) ? null : (this.#indexes.get(id) ?? null), result }];
  }

  /** What was found stays found, whatever others do. */
  #isFinal(id: string): boolean {
    const result = this.results.get(id);
    if (result === undefined || result.kind === 'found') return result !== undefined;
    return !this.#late(id) && !saysOfTheRun(result);
  }

  #keepWorst(id: string, result: CheckResult): void {
    const known = this.results.get(id);
    if (known === undefined || weight[result.kind] > weight[known.kind]) this.results.set(id, result);
  }
}

function saysOfTheRun(result: CheckResult): boolean {
  return result.kind === 'not-evaluable' && ofTheRun.has(result.failure.reason);
}

const weight: Readonly<Record<CheckResult['kind'], number>> = { passed: 0, 'not-evaluable': 1, found: 2 };

function digestOf(basis: readonly string[], ids: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(basis));
  for (const id of ids) hash.update(`\n${id}`);
  return hash.digest('base64url');
}
