const minuteMs = 60_000;
const dayMinutes = 1440;
const dayMs = dayMinutes * minuteMs;

/** Minute of the day, UTC, at which an appliance looks for updates unless a person chose another: spread over the day by a hash of its id. */
export function ownMinute(applianceId: number): number {
  // Knuth's multiplicative hash: neighbours among the ids come far apart.
  return (Math.imul(applianceId, 2_654_435_761) >>> 0) % dayMinutes;
}

/** The last time before or at `now` (Unix milliseconds) that the day had this minute. */
export function lastTime(now: number, minute: number): number {
  const today = Math.floor(now / dayMs) * dayMs + minute * minuteMs;
  return today <= now ? today : today - dayMs;
}

/** The next one after `now`. */
export function nextTime(now: number, minute: number): number {
  return lastTime(now, minute) + dayMs;
}

export interface DueQuestion {
  readonly now: number;
  readonly minute: number;
  /** Since when appliances should have it. */
  readonly currentAt: number;
  /** When somebody asked for an update at once; null: never. */
  readonly askedAt: number | null;
}

/** A release reaches an appliance at the first time of its schedule after the release became current, or when somebody asked since. */
export function isDue({ now, minute, currentAt, askedAt }: DueQuestion): boolean {
  return currentAt <= lastTime(now, minute) || (askedAt !== null && askedAt >= currentAt);
}

/** `03:17`. */
export function timeText(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** The minute of `HH:MM`. */
export function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
