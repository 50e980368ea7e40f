import { allowedSilence, type Contact } from '../../../jobs/domain/presence.ts';

/** A gap between two looks that means that the platform itself was away, milliseconds. */
const gapMs = 60_000;

export interface Watch {
  readonly lookedAt: number;
  readonly presentSince: number;
}

/** Since when the platform has been there without a gap, seen from a look at `now`. Null: it never looked before. */
export function nextWatch(before: Watch | null, now: number): Watch {
  const away = before === null || now - before.lookedAt > gapMs || now < before.lookedAt - gapMs;
  return { lookedAt: now, presentSince: away ? now : before.presentSince };
}

/**
 * Whether an appliance has been silent for longer than it may. While the platform was away nobody could reach it: silence counts from its
 * return.
 */
export function isSilent(contact: Contact, presentSince: number, now: number): boolean {
  if (contact.lastContact === null) return false;
  const since = Math.max(contact.lastContact, presentSince);
  return now - since > allowedSilence(contact) * 1000;
}
