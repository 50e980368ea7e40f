import type { NotificationEvent } from '@picket/contracts/api/notification';

/** Cleans one piece of foreign text. */
export type Clean = (text: string) => string;

export interface Words {
  /** One line. */
  readonly subject: string;
  readonly lines: readonly string[];
  /** Path of the page that shows it. */
  readonly path: string;
}

/** A notification in plain English. Every text that a target or a user wrote goes through `clean`. */
export function wordsOf(event: NotificationEvent, clean: Clean): Words {
  switch (event.kind) {
    case 'appliance.offline': {
      const name = clean(event.name);
      return {
        subject: `Appliance ${name} is offline`,
        lines: [
          `${name} was last heard from at ${event.lastContact}.`,
          'Until it is back nothing is scanned through it. Check its power, network and console.',
        ],
        path: `/appliances?open=${event.applianceId}`,
      };
    }
    case 'appliance.back': {
      const name = clean(event.name);
      return {
        subject: `Appliance ${name} is back after ${duration(event.seconds)}`,
        lines: [`${name} was silent from ${event.lastContact} on, for ${duration(event.seconds)}.`],
        path: `/appliances?open=${event.applianceId}`,
      };
    }
    case 'appliance.suspect': {
      const name = clean(event.name);
      return {
        subject: `Two machines use the key of appliance ${name}`,
        lines: [
          `${name} gets no work until a Manager has decided: its key is used by two machines at once.`,
          'Shut the copy down (a cloned or restored virtual machine?), then clear the suspicion.',
        ],
        path: `/appliances?open=${event.applianceId}`,
      };
    }
    case 'scan.finished':
    case 'scan.incomplete':
    case 'scan.error':
      return scanWords(event, clean);
    case 'schedule.missed':
      return {
        subject: `${clean(event.title)} did not run`,
        lines: [`It was due at ${event.dueAt}. ${clean(event.reason)}`],
        path: `/scans/schedules?open=${event.scheduleId}`,
      };
    case 'detection.critical':
      return {
        subject: event.count === 1 ? 'A new critical detection' : `${event.count} new critical detections`,
        lines: [
          ...event.detections.map(
            ({ name, address, port }) => `${address}${port === null ? '' : ` port ${port}`}: ${clean(name)}`,
          ),
          ...(event.count > event.detections.length ? [`and ${event.count - event.detections.length} more`] : []),
        ],
        path: '/detections?severity=critical&status=new',
      };
    case 'update.failed': {
      const name = clean(event.name);
      const why = [event.code, event.detail].flatMap((part) => (part === null ? [] : [clean(part)])).join(': ');
      return {
        subject: `Appliance ${name} could not install ${event.what} ${clean(event.version ?? '')}`.trim(),
        lines: [why === '' ? 'It gave no reason.' : `${why}.`, 'It goes on with the version that it has.'],
        path: `/appliances?open=${event.applianceId}`,
      };
    }
  }
}

type ScanEvent = Extract<NotificationEvent, { readonly scanId: number }>;

function scanWords(event: ScanEvent, clean: Clean): Words {
  const outcome = { 'scan.finished': 'is complete', 'scan.incomplete': 'ended incomplete', 'scan.error': 'failed' };
  const title = clean(event.title);
  return {
    subject: `${title} ${outcome[event.kind]}`,
    lines: [event.reason === null ? `${title} ${outcome[event.kind]}.` : clean(event.reason)],
    path: `/scans/${event.scanId}`,
  };
}

/** `3 h 20 min`, the two largest units. */
function duration(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const parts: string[] = [];
  let left = Math.max(0, Math.round(seconds));
  for (const [size, unit] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
