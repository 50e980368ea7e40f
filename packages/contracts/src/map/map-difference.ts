import { z } from 'zod';
import { notEvaluableReason } from '../event.ts';
import { ipLiteral } from '../primitive.ts';

/** Why an address was not tried: outside the job's targets, not reached yet, or the reason why discovery of its block did not end. */
export const untestedReason = z.enum([...notEvaluableReason.options, 'not-in-targets', 'not-reached-yet']);
export type UntestedReason = z.output<typeof untestedReason>;

export const mapChange = z.object({
  what: z.enum(['name', 'mac', 'role', 'os', 'port', 'gateway']),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});
export type MapChange = z.output<typeof mapChange>;

/**
 * `gone`: was there, was tried again, nothing answered. `not-tested`: was there and was not tried this time, so nothing is
 * known. `not-tested-before`: is there, and nobody looked the time before.
 */
export const differenceKind = z.enum(['new', 'gone', 'changed', 'not-tested', 'not-tested-before']);
export type DifferenceKind = z.output<typeof differenceKind>;

/** A host that is not as it was. */
export const hostDifference = z.object({
  kind: differenceKind,
  address: ipLiteral,
  name: z.string().nullable(),
  /** Why it was not tested; null for the other kinds. */
  reason: untestedReason.nullable(),
  /** For `changed`. */
  changes: z.array(mapChange),
});
export type HostDifference = z.output<typeof hostDifference>;

/** A network that is not as it was; added and removed are its gateways. */
export const networkChange = z.object({
  kind: z.enum(['new', 'not-seen', 'gateways']),
  prefix: z.string(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});
export type NetworkChange = z.output<typeof networkChange>;

export interface MapDifference {
  /** Hosts of the later map by address, then those that are only in the earlier one. */
  readonly items: HostDifference[];
  /** Hosts that are as they were. */
  readonly same: number;
  readonly networks: NetworkChange[];
}
