import { z } from 'zod';

/** Body of every refusal, `application/problem+json` (RFC 9457), with what is wrong and how to mend it. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** Stable code, e.g. `scan.target-not-registered`. */
  code: z.string(),
  detail: z.string(),
  /** The way out. */
  hint: z.string().optional(),
  /** Faults of single fields. */
  errors: z.array(z.object({ field: z.string(), item: z.string().optional(), message: z.string() })).optional(),
  /** Quote it when asking for help. */
  requestId: z.string(),
});
export type Problem = z.infer<typeof problem>;
