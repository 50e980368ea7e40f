import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';

/** 1 is Monday, 7 is Sunday. */
export const weekday = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
]);

/** IANA name; judged by `plan/schedule`, with a sentence. */
export const zoneName = z.string().trim().min(1).max(64);
/** `2026-03-29T02:30`, in the zone beside it. */
export const wallTime = z.string().max(16).meta({ description: 'Local time, YYYY-MM-DDTHH:MM.' });
const clockTime = z.string().max(5).meta({ description: 'HH:MM, up to 24:00 for an end.' });

/** When scanning may be, or may not be; what the clock on the wall of its zone shows decides (`plan/schedule/time-window`). */
export const timeWindowRequest = z.object({
  name: z.string().trim().min(1).max(64),
  /** Outside of its allow windows a job waits; inside a blackout nothing scans. A blackout wins. */
  kind: z.enum(['allow', 'blackout']),
  zone: zoneName,
  /** The same hours each week; `to` at or before `from` is on the next day. */
  weekly: z
    .array(z.object({ days: z.array(weekday).min(1).max(7), from: clockTime, to: clockTime }))
    .max(50)
    .default([]),
  dates: z
    .array(z.object({ from: wallTime, to: wallTime }))
    .max(200)
    .default([]),
  /** Holds for every job, whatever the job says. Blackouts alone. */
  everywhere: z.boolean().default(false),
});

export const timeWindow = timeWindowRequest.extend({
  id,
  /** It covers this moment. */
  now: z.boolean(),
  /** When that changes; null when it does not within a year. */
  changesAt: isoDateTime.nullable(),
  /** Jobs that have not ended and name it. */
  openJobs: z.number().int(),
  updatedAt: isoDateTime,
  updatedBy: z.string(),
});
export type TimeWindowItem = z.infer<typeof timeWindow>;

/** How long a job may run at a stretch. `pause`: until its next window, or, without windows, until somebody resumes it. */
export const runLimit = z.object({
  hours: z.number().int().min(1).max(720),
  action: z.enum(['pause', 'cancel']),
});
