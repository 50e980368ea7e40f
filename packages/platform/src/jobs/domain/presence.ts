/** What decides whether an appliance counts as online. */
export interface Contact {
  /** Milliseconds since the epoch of the last word from it; null: never. */
  readonly lastContact: number | null;
  readonly connection: 'long-poll' | 'polling' | 'none';
  readonly pollIntervalSeconds: number;
  readonly heartbeatSeconds: number;
}

/** The part of an appliance's row that decides it. */
export interface ContactRow {
  readonly last_contact: Date | null;
  readonly connection: string | null;
  readonly poll_interval_seconds: number;
  readonly heartbeat_seconds: number;
}

export function contactOf(row: ContactRow): Contact {
  const { connection } = row;
  return {
    lastContact: row.last_contact?.getTime() ?? null,
    connection: connection === 'long-poll' || connection === 'polling' ? connection : 'none',
    pollIntervalSeconds: row.poll_interval_seconds,
    heartbeatSeconds: row.heartbeat_seconds,
  };
}

/** A held poll ends after 25 s at most and is followed by the next one; two of them missed and some grace. */
const longPollSilenceSeconds = 75;
/** Grace for a plain poll that a slow proxy delays. */
const pollGraceSeconds = 30;

/**
 * How long an appliance may be silent and still counts as online, seconds. A long-polling one is near its end after
 * 75 s. A polling one may miss one poll; its heartbeat shortens that, but never below one interval.
 */
export function allowedSilence(contact: Omit<Contact, 'lastContact'>): number {
  if (contact.connection === 'long-poll') return longPollSilenceSeconds;
  const oneMissed = 2 * contact.pollIntervalSeconds + pollGraceSeconds;
  return Math.max(contact.pollIntervalSeconds + pollGraceSeconds, Math.min(contact.heartbeatSeconds, oneMissed));
}

export function isOnline(contact: Contact, now: number): boolean {
  return contact.lastContact !== null && now - contact.lastContact <= allowedSilence(contact) * 1000;
}
