import { z } from 'zod';
import { differenceKind, hostDifference, networkChange } from '../map/map-difference.ts';
import { mapHost, mapSkeleton } from '../map/map-result.ts';
import { id, isoDateTime, jobKind } from '../primitive.ts';
import { page, pageQuery } from './page.ts';
import { scanStatus } from './scan.ts';

/** The job that a map was made of. A scan makes one too, of what it saw. */
export const mapJob = z.object({
  id,
  kind: jobKind,
  title: z.string(),
  status: scanStatus,
  /** Every unit was evaluated. Null while it runs. */
  complete: z.boolean().nullable(),
  networkId: id,
  networkName: z.string(),
  targets: z.string(),
  startedAt: isoDateTime.nullable(),
  endedAt: isoDateTime.nullable(),
});
export type MapJob = z.output<typeof mapJob>;

/** Networks, gateways, hops and counts; the hosts come in pages (`/hosts`), because there may be many. */
export const mapAnswer = mapSkeleton.extend({ job: mapJob });
export type MapAnswer = z.output<typeof mapAnswer>;

export const listMapHostsQuery = pageQuery.extend({
  network: z.string().max(49).optional().meta({ description: 'Only hosts of this prefix, as the map names it.' }),
  role: z.string().max(32).optional().meta({ description: 'Only hosts with this role; `none`: those without any.' }),
  q: z.string().max(256).optional().meta({ description: 'Part of an address, name, MAC, maker or system.' }),
});

export const mapHostItem = mapHost.extend({ assetId: id.nullable() });
export type MapHostItem = z.output<typeof mapHostItem>;

export const mapDifferenceQuery = pageQuery.extend({
  to: z.coerce.number().int().positive().optional().meta({
    description: 'The job to compare with. Default: the last finished one before it of the same kind and network.',
  }),
  kind: differenceKind.optional(),
});

/** A page of hosts that are not as they were, with the figures of all. */
export const mapDifferenceAnswer = page(hostDifference).extend({
  /** Null: there is no earlier map to compare with. */
  baseline: mapJob.nullable(),
  /** Both jobs had the same targets. */
  sameTargets: z.boolean(),
  counts: z.object({
    new: z.number().int(),
    gone: z.number().int(),
    changed: z.number().int(),
    notTested: z.number().int(),
    notTestedBefore: z.number().int(),
    same: z.number().int(),
  }),
  networks: z.array(networkChange),
});
export type MapDifferenceAnswer = z.output<typeof mapDifferenceAnswer>;
