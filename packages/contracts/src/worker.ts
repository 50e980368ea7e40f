import { z } from 'zod';
import { engineEvent, notEvaluableReason } from './event.ts';
import { signedLease } from './lease.ts';
import { id, isoDateTime } from './primitive.ts';
import { resumeState } from './resume.ts';

/** Messages between the appliance's daemon and its scan worker: NDJSON over a Unix socket, one worker a slice. */
export const toWorker = z.discriminatedUnion('type', [
  /** First message. The worker verifies the lease itself. `resume` is what the daemon's spool knows beyond the lease's. */
  z.object({
    type: z.literal('start'),
    lease: signedLease,
    platformKey: z.string(),
    /** The lease must be for this appliance. */
    applianceId: id,
    /** Platform time minus this machine's wall clock, milliseconds: windows and deadlines are in platform time. */
    clockOffsetMs: z.number(),
    /** Replaces the lease's `expiresAt` when a poll renewed it before this worker started. */
    expiresAt: isoDateTime.optional(),
    resume: resumeState,
  }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('renew'), expiresAt: isoDateTime }),
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
  /** It will not run this lease (signature, appliance, level, content): says why and exits. */
  z.object({ type: z.literal('refused'), code: z.string().max(64), message: z.string().max(1024) }),
  z.object({
    type: z.literal('ended'),
    outcome: z.enum(['complete', 'incomplete', 'stopped']),
    reason: notEvaluableReason.optional(),
    detail: z.string().max(1024).optional(),
  }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
