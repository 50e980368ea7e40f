/** How far a time is from now, in one unit: `just now`, `12 s ago`, `in 3 min`, `4 d ago`. Both in milliseconds. */
export function formatRelative(then: number, now: number): string {
  const seconds = Math.round((now - then) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const text = largestUnit(size);
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

function largestUnit(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  if (seconds < 86_400 * 60) return `${Math.floor(seconds / 86_400)} d`;
  if (seconds < 86_400 * 730) return `${Math.floor(seconds / (86_400 * 30))} months`;
  return `${Math.floor(seconds / (86_400 * 365))} years`;
}

/** The exact time in a zone, always named: `21 Nov 2026, 05:04:40 UTC`. Without `zone`: the viewer's own. */
export function formatExact(then: number, zone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(then);
}
