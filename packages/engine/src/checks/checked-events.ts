import { applianceLimits } from '@picket/contracts/protocol';
import type { CheckPayload } from '../run/stages.ts';
import type { CheckResult } from './check-run.ts';

export type CheckedPayload = Extract<CheckPayload, { type: 'checked' }>;
type Place = Omit<CheckedPayload, 'passed' | 'notEvaluable' | 'part'>;

/** Most entries of one `checked` event. */
const mostEntries = 500;
/** Bytes of the entries of one event: it has to fit the wire with the rest of it and the envelope. */
const mostBytes = applianceLimits.eventBytes - 8192;
/** Longest detail, characters. */
const detailLimit = 256;

type Entry =
  | { readonly list: 'passed'; readonly item: string }
  | { readonly list: 'notEvaluable'; readonly item: CheckedPayload['notEvaluable'][number] };

/** How the checks of one port ended, in as many `checked` events as it takes; at least one. No entry is lost. */
export function* checkedEvents(place: Place, results: ReadonlyMap<string, CheckResult>): Generator<CheckedPayload> {
  let part = 0;
  let event = empty(place, part);
  let bytes = 0;
  let entries = 0;
  for (const entry of entriesOf(results)) {
    const size = Buffer.byteLength(JSON.stringify(entry.item)) + 1;
    if (entries >= mostEntries || bytes + size > mostBytes) {
      yield event;
      part += 1;
      [event, bytes, entries] = [empty(place, part), 0, 0];
    }
    if (entry.list === 'passed') event.passed.push(entry.item);
    else event.notEvaluable.push(entry.item);
    bytes += size;
    entries += 1;
  }
  yield event;
}

function empty(place: Place, part: number): CheckedPayload {
  return { ...place, ...(part === 0 ? {} : { part }), passed: [], notEvaluable: [] };
}

function* entriesOf(results: ReadonlyMap<string, CheckResult>): Generator<Entry> {
  for (const [id, result] of results) {
    if (result.kind === 'passed') yield { list: 'passed', item: id };
    if (result.kind !== 'not-evaluable') continue;
    const detail = result.failure.detail.slice(0, detailLimit).toWellFormed();
    const item = { check: id, reason: result.failure.reason, ...(detail === '' ? {} : { detail }) };
    yield { list: 'notEvaluable', item };
  }
}
