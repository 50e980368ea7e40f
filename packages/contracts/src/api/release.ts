import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';
import { releaseKind } from '../release/release-version.ts';
import { kindReport, updateStates } from '../updates.ts';
import { pageQuery } from './page.ts';

/**
 * A bundle that the platform hands on. `current`: what appliances should have; `replaced`: another one is current;
 * `withdrawn`: no appliance is given it any more.
 */
export const release = z.object({
  id,
  kind: releaseKind,
  name: z.string(),
  version: z.string(),
  state: z.enum(['current', 'replaced', 'withdrawn']),
  /** Of the whole bundle, lower-case hex. */
  sha256: z.string(),
  bytes: z.number().int(),
  files: z.number().int(),
  /** Least engine level (content) or protocol level (software). */
  level: z.number().int(),
  /** Who signed it. The platform does not judge that: each appliance knows the keys that it trusts. */
  keyId: z.string(),
  /** Appliances may go back to it from a newer version. */
  rollback: z.boolean(),
  created: isoDateTime,
  publishedAt: isoDateTime,
  publishedBy: z.string(),
});
export type Release = z.infer<typeof release>;

export const listReleasesQuery = pageQuery.extend({ kind: releaseKind.optional() });
export const publishQuery = z.object({
  rollback: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Appliances may go back to this older version.' }),
});
export const makeCurrentRequest = z.object({ rollback: z.boolean().default(false) });

/** Where one kind stands on one appliance. */
const kindState = kindReport.extend({
  /** `up-to-date`, `due` (at the next time of its schedule or of "Update now"), `none` (nothing is published), else as reported. */
  state: z.enum(['up-to-date', 'due', 'none', ...updateStates]),
  /** What it should have. */
  wanted: z.string().nullable(),
  /** The way out of a failure. */
  hint: z.string().nullable(),
});
export type ApplianceKindState = z.infer<typeof kindState>;

/** Versions and updates of an appliance (spec section 8). */
export const applianceUpdates = z.object({
  /** Why it takes none; null: it takes them, or it has not said yet. */
  refuses: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  /** Null: it has not said yet. */
  content: kindState.nullable(),
  software: kindState.nullable(),
  schedule: z.object({
    /** Time of day in UTC, `03:17`. */
    at: z.string(),
    /** Chosen by a person; else by the appliance's id, so that not all come at once. */
    chosen: z.boolean(),
    next: isoDateTime,
  }),
  /** When "Update now" was asked for last. */
  askedAt: isoDateTime.nullable(),
  reportedAt: isoDateTime.nullable(),
});
export type ApplianceUpdates = z.infer<typeof applianceUpdates>;

export const updateScheduleRequest = z.object({
  /** Time of day in UTC, `HH:MM`; null: by its id. */
  at: z
    .string()
    .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, { message: 'must be a time of day such as 03:30' })
    .nullable(),
});
