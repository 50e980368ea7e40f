import { type CivilDay, dayMs, dayNumber, hourMs } from './civil.ts';

/** An IANA zone, e.g. `Europe/Berlin`. Offsets such as `+02:00` are refused: they know nothing of daylight saving. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of the zone show beyond UTC at an instant, milliseconds. The zone of the process plays no part. */
export function offsetAt(zone: string, instantMs: number): number {
  const second = Math.floor(instantMs / 1000) * 1000;
  const found: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(second)) found[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second: seconds = 0 } = found;
  const date: CivilDay = { year, month, day };
  return dayNumber(date) * dayMs + hour * hourMs + minute * 60_000 + seconds * 1000 - second;
}

/** What the clocks of the zone show at an instant; see `parseWall`. */
export function wallAt(zone: string, instantMs: number): number {
  return instantMs + offsetAt(zone, instantMs);
}

/**
 * The instant at which a schedule means a wall time: of one that comes twice the first, of one that is left out the next that there is, which is the
 * moment the clocks go forward.
 */
export function instantOf(zone: string, wallMs: number): number {
  const offsets = [offsetAt(zone, wallMs - dayMs), offsetAt(zone, wallMs + dayMs)];
  const instants = offsets.map((offset) => wallMs - offset).filter((at) => wallAt(zone, at) === wallMs);
  if (instants.length > 0) return Math.min(...instants);
  return changeBetween(zone, wallMs - dayMs, wallMs + dayMs);
}

/** A stretch of time in which a zone keeps one offset, milliseconds. `to` is not part of it. */
export interface OffsetSpan {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** No zone has changed its clocks twice within this time. */
const stepMs = 12 * hourMs;

/** Parts a span where the zone's clocks change. */
export function offsetSpans(zone: string, from: number, to: number): readonly OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let start = from;
  let offset = offsetAt(zone, from);
  for (let at = from; at < to; ) {
    const next = Math.min(at + stepMs, to);
    const there = offsetAt(zone, next);
    if (there !== offset) {
      const change = changeBetween(zone, at, next);
      if (change > start) spans.push({ from: start, to: change, offset });
      start = change;
      offset = there;
    }
    at = next;
  }
  if (start < to) spans.push({ from: start, to, offset });
  return spans;
}

/** The first instant, to the second, with another offset than `from`, given that `to` has another. */
function changeBetween(zone: string, from: number, to: number): number {
  const before = offsetAt(zone, from);
  let low = Math.floor(from / 1000);
  let high = Math.ceil(to / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one costs far more than using it. Throws for a zone that this machine does not know. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, made);
  return made;
}
