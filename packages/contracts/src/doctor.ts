import { z } from 'zod';

const text = z.string().max(512);

/** Steps of the network doctor, in the order in which they are looked at. */
export const doctorParts = [
  'link',
  'address',
  'gateway',
  'dns',
  'proxy',
  'platform',
  'endpoints',
  'clock',
  'transfer',
] as const;
export type DoctorPart = (typeof doctorParts)[number];

/**
 * What the network doctor found. `not-tested`: a step before it failed, or it can't be looked at from here; `warning`: it works, but not as it should.
 * `detail` says what was seen.
 */
export const doctorReport = z.object({
  steps: z.array(
    z.object({
      part: z.enum(doctorParts),
      outcome: z.enum(['running', 'ok', 'warning', 'failed', 'not-tested', 'not-used']),
      detail: text,
    }),
  ),
  /** What `NETWORK ERR` would say, and what helps; null while it runs or when all is well. */
  error: z
    .object({ code: z.string().max(2), description: z.string().max(16), eCode: z.string().max(3), remedy: text })
    .nullable(),
  /** When it ended; null while it runs. */
  endedAt: z.string().max(40).nullable(),
});
export type DoctorReport = z.infer<typeof doctorReport>;
