import { z } from 'zod';
import { releaseKind, releaseVersion } from './release/release-version.ts';
import { releaseLimits } from './release/release-manifest.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Steps of an update, as an appliance reports them. `waiting`: everything is here, a slice that runs must end first. */
export const updateStates = [
  'idle',
  'downloading',
  'verifying',
  'unpacking',
  'waiting',
  'switching',
  'confirming',
  'failed',
  'fell-back',
] as const;
export const updateState = z.enum(updateStates);
export type UpdateState = z.infer<typeof updateState>;

/** What an appliance says of one kind. */
export const kindReport = z.object({
  /** In use now; what came with the installation if nothing was installed since. */
  inUse: z.string().max(64),
  state: updateState,
  /** What the state is about; absent when idle. */
  version: z.string().max(64).optional(),
  sha256: sha256.optional(),
  /** The `now` of the offer that it acted on. */
  now: z.number().int().nonnegative().optional(),
  /** Of the download. */
  percent: z.number().int().min(0).max(100).optional(),
  /** Why it failed or fell back. */
  code: z.string().max(64).optional(),
  detail: z.string().max(512).optional(),
});
export type KindReport = z.infer<typeof kindReport>;

/** Part of the poll request. */
export const updateReport = z.object({
  /** Why this appliance takes no updates at all, e.g. `updates.no-keys`; null: it takes them. */
  refuses: z.string().max(64).nullable(),
  content: kindReport,
  software: kindReport,
});
export type UpdateReport = z.infer<typeof updateReport>;

/** Part of the poll answer: what the appliance should have now, at most one of each kind. */
export const wantedBundle = z.object({
  kind: releaseKind,
  version: releaseVersion,
  sha256,
  bytes: z.number().int().positive().max(releaseLimits.bundleBytes),
  /** How often somebody asked for "Update now": a bundle that failed is tried again when this has grown. */
  now: z.number().int().nonnegative(),
  /** A Manager chose this older version. Without it an older version is refused. */
  rollback: z.boolean(),
});
export type WantedBundle = z.infer<typeof wantedBundle>;

/** Request for a part of a bundle; the answer is the bytes themselves, fewer at its end, signed like every answer. */
export const bundleRangeRequest = z.object({
  sha256,
  offset: z.number().int().nonnegative(),
  length: z.number().int().positive(),
});

export const updateLimits = {
  /** Largest part of a bundle in one answer, bytes: 1.4 s at 1.5 Mbit/s. */
  rangeBytes: 262_144,
} as const;
