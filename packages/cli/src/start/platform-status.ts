import { z } from 'zod';

/** The platform's status line on standard output when it serves. Unknown fields are ignored. */
export const platformStatus = z.object({
  event: z.literal('ready'),
  url: z.string(),
  enrolment: z.string(),
  /** Things that its operator should know, e.g. that the embedded database is for evaluation. */
  warnings: z.array(z.string()).default([]),
  /** Once, at the very first start. */
  firstManager: z.object({ login: z.string(), oneTimePassword: z.string() }).nullable().default(null),
});
export type PlatformStatus = z.infer<typeof platformStatus>;
