import { formatIndexes } from '@picket/contracts/index-ranges';
import { applianceLimits } from '@picket/contracts/protocol';
import type { CheckPayload } from '../run/stages.ts';
import type { CheckResult } from './check-run.ts';

export type CheckedPayload = Extract<CheckPayload, { type: 'checked' }>;
/** What all `checked` events of one place have in common. */
export type CheckedPlace = Omit<CheckedPayload, 'passed' | 'notEvaluable' | 'part' | 'done'>;

/** Most checks of one `checked` event. */
const mostEntries = 500;
/** Bytes of the entries of one event: it has to fit the wire with the rest of it and the envelope. */
const mostBytes = applianceLimits.eventBytes - 8192;
/** Longest detail, characters. */
const detailLimit = 256;

/** How one check ended, and where it stands in the plan of its place; null: it is not in it. */
export interface EndedCheck {
  readonly id: string;
  readonly index: number | null;
  readonly result: CheckResult;
}

type NotEvaluable = CheckedPayload['notEvaluable'][number];

/**
 * How checks of one port ended, in as many `checked` events as it takes, numbered from `firstPart`; at least one. No entry is lost. What
 * found something is in no list: its findings say it, and `done` that it ended.
 */
export function* checkedEvents(
  place: CheckedPlace,
  ended: Iterable<EndedCheck>,
  firstPart = 0,
): Generator<CheckedPayload> {
  let part = new EventPart();
  let number = firstPart;
  for (const one of ended) {
    const entry = entryOf(one);
    if (part.isFullFor(entry)) {
      yield part.event(place, number);
      number += 1;
      part = new EventPart();
    }
    part.add(entry, one.index);
  }
  yield part.event(place, number);
}

/** The check's id in `passed`, its entry in `notEvaluable`, or null: it found something. */
type Entry = string | NotEvaluable | null;

class EventPart {
  readonly #passed: string[] = [];
  readonly #notEvaluable: NotEvaluable[] = [];
  readonly #done: number[] = [];
  #entries = 0;
  #bytes = 0;

  isFullFor(entry: Entry): boolean {
    return this.#entries >= mostEntries || this.#bytes + sizeOf(entry) > mostBytes;
  }

  add(entry: Entry, index: number | null): void {
    this.#entries += 1;
    this.#bytes += sizeOf(entry);
    if (index !== null) this.#done.push(index);
    if (typeof entry === 'string') this.#passed.push(entry);
    else if (entry !== null) this.#notEvaluable.push(entry);
  }

  event(place: CheckedPlace, number: number): CheckedPayload {
    const numbered = { ...place, ...(number === 0 ? {} : { part: number }) };
    const progress = place.plan === undefined ? {} : { done: formatIndexes(this.#done) };
    return { ...numbered, ...progress, passed: this.#passed, notEvaluable: this.#notEvaluable };
  }
}

function sizeOf(entry: Entry): number {
  return entry === null ? 0 : Buffer.byteLength(JSON.stringify(entry)) + 1;
}

function entryOf({ id, result }: EndedCheck): Entry {
  if (result.kind === 'found') return null;
  if (result.kind === 'passed') return id;
  const detail = result.failure.detail.slice(0, detailLimit).toWellFormed();
  return { check: id, reason: result.failure.reason, ...(detail === '' ? {} : { detail }) };
}
