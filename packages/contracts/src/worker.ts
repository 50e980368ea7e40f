import { z } from 'zod';
import { engineEvent } from './event.ts';
import { signedLease } from './lease.ts';
import { resumeState } from './resume.ts';

/** Messages between the appliance's daemon and its scan worker: NDJSON over a Unix socket, one worker a slice. */
export const toWorker = z.discriminatedUnion('type', [
  /** First message. The worker verifies the lease itself. `resume` is what the daemon's spool knows beyond the lease's. */
  z.object({ type: z.literal('start'), lease: signedLease, platformKey: z.string(), resume: resumeState }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('renew'), expiresAt: z.string() }),
  z.object({ type: z.literal('stop'), reason: z.string() }),
  /** The daemon has these on disk; the worker may have so many unacknowledged events under way (back-pressure). */
  z.object({ type: z.literal('ack'), count: z.number().int().nonnegative() }),
]);
export type ToWorker = z.infer<typeof toWorker>;

export const fromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int() }),
  z.object({ type: z.literal('event'), event: engineEvent }),
  z.object({ type: z.literal('paused') }),
  z.object({ type: z.literal('running') }),
  z.object({
    type: z.literal('ended'),
    outcome: z.enum(['complete', 'incomplete', 'stopped']),
    reason: z.string().optional(),
    detail: z.string().optional(),
  }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
