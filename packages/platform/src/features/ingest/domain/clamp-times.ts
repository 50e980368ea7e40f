import { isoTime } from '@picket/base/clock';
import type { SpooledEvent } from '@picket/contracts/event';

/** Between what platform times events of a lease can have happened, milliseconds since the epoch. */
export interface LeaseSpan {
  readonly grantedAt: number;
  readonly now: number;
}

/**
 * Moves the times of events into the span in which their lease can have been worked on: a device's clock that is years off
 * must not spoil when something was seen first and last. Events whose time is possible stay as they are.
 */
export function clampTimes(events: readonly SpooledEvent[], spanOf: (lease: string) => LeaseSpan): SpooledEvent[] {
  return events.map((placed) => {
    const { grantedAt, now } = spanOf(placed.lease);
    const at = Date.parse(placed.event.time);
    // A time that can't be read counts as now.
    const possible = Number.isNaN(at) ? now : Math.min(Math.max(at, grantedAt), now);
    return possible === at ? placed : { ...placed, event: { ...placed.event, time: isoTime(possible) } };
  });
}
