import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';

/** What "Stop all" does to the jobs that it finds. Paused ones can be resumed one by one once the hold is lifted. */
export const holdAction = z.enum(['pause', 'cancel']);

/** A standing order that nothing is scanned, subscription-wide, until somebody lifts it. */
export const hold = z.object({
  id,
  action: holdAction,
  reason: z.string(),
  placedAt: isoDateTime,
  /** Login of who placed it. */
  placedBy: z.string(),
  /** Whether the caller may lift it: a Manager any, a Unit Manager their own. */
  mayLift: z.boolean(),
});
export type Hold = z.infer<typeof hold>;

/** `hold` is null while nothing is held. */
export const holdState = z.object({
  hold: hold.nullable(),
  /** Jobs that will go on by themselves once it is lifted. */
  waitingJobs: z.number().int().nonnegative(),
});
export type HoldState = z.infer<typeof holdState>;

export const stopAllRequest = z.object({
  action: holdAction,
  reason: z.string().trim().min(1, { message: 'must say why' }).max(500),
});

export const stopAllResult = z.object({
  hold,
  /** Ids of the jobs that were told to pause or end. */
  stopped: z.array(id),
  /** Appliances that had work: those on a long-poll stop within seconds, the others at their next poll. */
  appliances: z.array(
    z.object({
      id,
      name: z.string(),
      connection: z.enum(['long-poll', 'polling', 'none']),
      /** When it has stopped at the latest, as far as its polls tell, seconds. */
      withinSeconds: z.number().int().nonnegative(),
    }),
  ),
});
export type StopAllResult = z.infer<typeof stopAllResult>;
