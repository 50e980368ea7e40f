import { z } from 'zod';
import { id, ipLiteral, isoDateTime } from '../primitive.ts';

/** What can be expected of a plan, and on what that is based. What nothing stored tells is said to be not known. */
export const planOutlook = z.object({
  /** When it is taken to begin: now, or as asked. */
  startsAt: isoDateTime,
  duration: z.object({
    /** `history`: earlier scans of the network with this profile and these phases. `model`: rate and packets alone, an upper bound of both. */
    basis: z.enum(['history', 'model']),
    seconds: z.number().int(),
    /** As the fastest and the slowest of the earlier scans would have it; the same as `seconds` for the model. */
    fromSeconds: z.number().int(),
    toSeconds: z.number().int(),
    /** Earlier scans that it is measured by. */
    scans: z.number().int(),
    /** The oldest of them; null without one. */
    since: isoDateTime.nullable(),
  }),
  /** Null: no window and no longest run bounds it. */
  windows: z
    .object({
      /** Null: never. */
      opensAt: isoDateTime.nullable(),
      fits: z.boolean(),
      /** Stretches that it needs; null: more than can be foreseen, or somebody has to resume it. */
      runs: z.number().int().nullable(),
      endsAt: isoDateTime.nullable(),
      /** The longest run cancels it at `endsAt`, before it is through. */
      cut: z.boolean(),
      zone: z.string(),
    })
    .nullable(),
  /** The way to the targets, as stored maps and scans of the network traced it. */
  way: z.object({
    known: z.enum(['on-link', 'traced', 'not-known']),
    /** Addresses of the targets to which a way was traced. */
    traced: z.number().int(),
    hops: z.array(
      z.object({
        address: ipLiteral,
        name: z.string().nullable(),
        /** Traced targets behind it. */
        targets: z.number().int(),
        /** What makes it look like a firewall; null: nothing tells whether it keeps connections. */
        stateful: z.string().nullable(),
      }),
    ),
    /** The newest job that told. */
    scanId: id.nullable(),
    at: isoDateTime.nullable(),
  }),
  /** Appliances that may run it. */
  reach: z.array(
    z.object({
      id,
      name: z.string(),
      online: z.boolean(),
      /** `own-network`: a VLAN or static route of its own leads there. `found-hosts`: it found hosts there before. */
      way: z.enum(['own-network', 'found-hosts', 'not-known']),
      /** Hosts that it found there, the newest job that did, and when. */
      hosts: z.number().int(),
      scanId: id.nullable(),
      at: isoDateTime.nullable(),
    }),
  ),
  /** Addresses of asset groups that are left out because the network does not have them registered; decimal text. */
  unregistered: z.array(z.object({ group: z.string(), addresses: z.string() })),
});
export type PlanOutlook = z.infer<typeof planOutlook>;

export const planQuery = z.object({
  startsAt: isoDateTime.optional().meta({ description: 'When it would begin, for schedules. Default: now.' }),
});
