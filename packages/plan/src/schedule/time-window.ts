import type { Weekday } from './civil.ts';

/**
 * When scanning may be, or may not be, as the clocks of a zone show it. What the clock on the wall shows decides: an hour that comes twice counts both
 * times, one that is left out does not count.
 */
export interface TimeWindow {
  /** Outside of allow windows nothing scans; inside a blackout nothing scans either. A blackout wins. */
  readonly kind: 'allow' | 'blackout';
  /** IANA name. */
  readonly zone: string;
  readonly weekly: readonly WeeklyTimes[];
  readonly dates: readonly DateTimes[];
}

/** The same hours on some days of each week. */
export interface WeeklyTimes {
  /** The days on which it begins. */
  readonly days: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`, up to `24:00`; not after `from`: it ends on the next day. */
  readonly to: string;
}

/** Once, from one wall time to another: a freeze, a weekend of work. */
export interface DateTimes {
  readonly from: string;
  /** Not part of it. */
  readonly to: string;
}
