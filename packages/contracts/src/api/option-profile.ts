import { z } from 'zod';
import { id, isoDateTime } from '../primitive.ts';

/** How a job scans, apart from what and when. */
export const scanOptions = z.object({
  ports: z.string().max(100_000).default('top1000'),
  profile: z.enum(['gentle', 'normal', 'fast']).default('normal'),
  /** Packets a second for the whole scan; never above the profile's. */
  rate: z.number().int().min(1).max(20_000).optional(),
  assumeAlive: z.boolean().default(false),
  services: z.boolean().default(true),
  checks: z.boolean().default(true),
  /** Managers only. */
  intrusive: z.boolean().default(false),
});
export type ScanOptions = z.output<typeof scanOptions>;

/** Saved options that maps, scans and schedules name by id. */
export const optionProfile = z.object({
  id,
  name: z.string(),
  /** Comes with the product: it can be copied, not changed. */
  builtIn: z.boolean(),
  /** One more with every change; a job says which one it ran with. */
  version: z.number().int(),
  /** Everybody may use it; otherwise its owner alone. */
  everybody: z.boolean(),
  owner: z.string().nullable(),
  options: scanOptions,
  /** Schedules that use it, as far as the caller sees them. */
  schedules: z.number().int(),
  /** The caller may change and delete it. */
  mayChange: z.boolean(),
  updatedAt: isoDateTime.nullable(),
  updatedBy: z.string().nullable(),
});
export type OptionProfile = z.infer<typeof optionProfile>;

export const optionProfileRequest = z.object({
  name: z.string().trim().min(1).max(64),
  options: scanOptions,
});

/** The option profile that a job was planned with. */
export const usedOptionProfile = z.object({ id, name: z.string(), version: z.number().int() });
