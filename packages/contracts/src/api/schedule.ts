import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';
import { pageQuery } from './page.ts';
import { scanRequest } from './scan.ts';
import { wallTime, weekday, zoneName } from './time-window.ts';

const end = { until: wallTime.nullable().default(null), count: z.number().int().nullable().default(null) };
const numbers = (most: number) => z.array(z.number().int()).max(most).default([]);

/** Which days of the calendar: see `plan/schedule/recurrence`. Empty lists: as the start. */
const calendarRule = z.object({
  unit: z.enum(['days', 'weeks', 'months', 'years']),
  every: z.number().int().default(1),
  weekdays: z
    .array(z.object({ day: weekday, nth: z.number().int().nullable().default(null) }))
    .max(40)
    .default([]),
  monthDays: numbers(62),
  months: numbers(12),
  positions: numbers(100),
  times: z.array(z.string().max(5)).max(96).default([]),
  shortMonth: z.enum(['skip', 'last-day']).default('skip'),
  weekStart: weekday.default(1),
});

/** When it runs, in the wall time of its zone. Minutes and hours are elapsed time. */
export const recurrence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), start: wallTime }),
  z.object({
    kind: z.literal('interval'),
    start: wallTime,
    every: z.number().int(),
    unit: z.enum(['minutes', 'hours']),
    ...end,
  }),
  z.object({ kind: z.literal('calendar'), start: wallTime, rule: calendarRule, ...end }),
  z.object({ kind: z.literal('after-finish'), start: wallTime, delayMinutes: z.number().int(), ...end }),
]);

export const scheduleRequest = z.object({
  name: z.string().trim().min(1).max(128),
  zone: zoneName,
  recurrence,
  /** Launched as its owner would, with the owner's rights of that moment. */
  scan: scanRequest,
  enabled: z.boolean().default(true),
  /** When the run before still goes: leave this one out, or begin it when that has ended. */
  overlap: z.enum(['skip', 'queue']).default('skip'),
  /** A run that is late by less, because the platform was down, is made up, once. 0: never. */
  catchUpMinutes: z.number().int().min(0).max(10_080).default(720),
});
export type ScheduleRequest = z.output<typeof scheduleRequest>;

/** Why a run was missed. */
export const missedReason = z.enum([
  'platform-down',
  'previous-still-running',
  'no-appliance',
  'owner-disabled',
  'owner-may-not',
  'refused',
  'failed',
]);
export type MissedReason = z.infer<typeof missedReason>;

/** One run that was due: it is launched exactly once, or missed with a reason. */
export const scheduleRun = z.object({
  dueAt: isoDateTime,
  at: isoDateTime,
  outcome: z.enum(['starting', 'waiting', 'launched', 'missed']),
  reason: missedReason.nullable(),
  detail: z.string().nullable(),
  scanId: id.nullable(),
  /** Somebody asked for it. */
  manual: z.boolean(),
});
export type ScheduleRun = z.infer<typeof scheduleRun>;

export const schedule = scheduleRequest.extend({
  id,
  /** In one line, for people. */
  description: z.string(),
  owner: z.string(),
  nextAt: isoDateTime.nullable(),
  lastRun: scheduleRun.nullable(),
  /** Runs missed since the last that was launched: an alarm. */
  missed: z.number().int(),
  runs: z.number().int(),
});
export type Schedule = z.infer<typeof schedule>;

/** What somebody is about to save: fields, or an RRULE to take over. */
export const schedulePreviewRequest = z.object({
  zone: zoneName,
  recurrence: recurrence.optional(),
  rrule: z.string().max(4000).optional(),
  /** For an RRULE without DTSTART. */
  start: wallTime.optional(),
});

export const schedulePreview = z.object({
  zone: z.string(),
  recurrence,
  description: z.string(),
  /** As RFC 5545 writes it; null when it has no words for it. */
  rrule: z.string().nullable(),
  /** The next ten. */
  runs: z.array(isoDateTime),
});

export const listRunsQuery = pageQuery;
