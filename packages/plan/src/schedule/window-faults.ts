import { parseMinutes, parseWall } from './civil.ts';
import type { ScheduleFault } from './recurrence.ts';
import type { TimeWindow } from './time-window.ts';
import { isZone } from './zone.ts';

/** Every fault of a window, with the way out. Empty: it can be kept. */
export function windowFaults(window: TimeWindow): readonly ScheduleFault[] {
  const faults: ScheduleFault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (!isZone(window.zone))
    fault('zone', `"${window.zone}" is no time zone. Write an IANA name such as Europe/Berlin.`);
  if (window.weekly.length + window.dates.length === 0) fault('weekly', 'A window needs at least one time.');
  for (const [index, { days, from, to }] of window.weekly.entries()) {
    if (days.length === 0) fault(`weekly.${index}.days`, 'Choose at least one day.');
    if ((parseMinutes(from) ?? 1440) >= 1440) fault(`weekly.${index}.from`, 'A window begins at 00:00 to 23:59.');
    if (parseMinutes(to) === null) fault(`weekly.${index}.to`, 'A window ends at 00:00 to 24:00.');
  }
  for (const [index, { from, to }] of window.dates.entries()) {
    const [begin, end] = [parseWall(from), parseWall(to)];
    if (begin === null) fault(`dates.${index}.from`, `"${from}" is no local time. Write it as 2026-12-24T18:00.`);
    if (end === null) fault(`dates.${index}.to`, `"${to}" is no local time. Write it as 2027-01-02T06:00.`);
    if (begin !== null && end !== null && end <= begin) fault(`dates.${index}.to`, 'It ends before it begins.');
  }
  return faults;
}
