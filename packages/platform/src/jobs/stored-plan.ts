import { parseRange } from '@picket/base/ip';
import { type RangeSet, rangeSet } from '@picket/base/range-set';
import { excludedPart } from '@picket/contracts/api/exclusion';
import { usedOptionProfile } from '@picket/contracts/api/option-profile';
import { profileFigures } from '@picket/contracts/lease';
import { jobKind, phase } from '@picket/contracts/primitive';
import { z } from 'zod';

/** The plan of a job as it is kept with it: what was shown is what every lease is cut from. */
export const storedPlan = z.object({
  kind: jobKind,
  phases: z.array(phase),
  /** `formatRange` texts, exclusions taken out. */
  ranges: z.array(z.string()),
  /** Of every source, and of those that were added while it ran. */
  exclusions: z.array(z.string()),
  /** At the launch, by source. */
  excluded: z.array(excludedPart).default([]),
  /** The profile and version whose options were copied into it. */
  optionProfile: usedOptionProfile.nullable().default(null),
  names: z.array(z.object({ name: z.string(), addresses: z.array(z.string()) })),
  /** Compressed lists. */
  ports: z.object({ tcp: z.string(), udp: z.string() }),
  /** With the job's own rate. */
  profile: profileFigures,
  assumeAlive: z.boolean(),
  slices: z.number().int(),
  estimate: z.object({
    /** Decimal text: may exceed 2^53. */
    addresses: z.string(),
    ports: z.number().int(),
    packets: z.string(),
    rate: z.number().int(),
    seconds: z.number().int(),
  }),
});
export type StoredPlan = z.output<typeof storedPlan>;

/** Phases that each host that is up goes through after discovery. */
export function hostPhases(plan: Pick<StoredPlan, 'phases'>): StoredPlan['phases'] {
  return plan.phases.filter((name) => name !== 'discovery');
}

/** Stored blocks of a slice as a set. */
export function blocksSet(blocks: readonly string[]): RangeSet {
  return rangeSet(
    blocks.flatMap((text) => {
      const range = parseRange(text);
      return range.ok ? [range.value] : [];
    }),
  );
}

export const storedBlocks = z.array(z.string());
