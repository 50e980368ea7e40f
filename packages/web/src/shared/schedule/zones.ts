/** The zone of the viewer's browser, e.g. `Europe/Berlin`. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Weekday and time of day with the zone: `Mon 01:00 CET`. Milliseconds. */
export function formatClock(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  });
  return parts.format(at).replace(',', '');
}

/** To the minute, with weekday and zone: `Mon, 30 Nov 2026, 01:00 CET`. Milliseconds. */
export function formatMinute(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  }).format(at);
}
