import { z } from 'zod';
import { notEvaluableReason, probesSent } from '../event.ts';
import { id, ipLiteral, isoDateTime, phase, transport } from '../primitive.ts';
import { scanStatus, unitState } from './scan.ts';

/** Where a line stood that took an address into a scan or out of it. */
export const scopeSource = z.enum([
  'targets',
  'name',
  'asset-group',
  'tag',
  'map',
  /** A group, tag or map that held it at the launch and does not any more. */
  'earlier-target',
  'exclude',
  'subscription-exclusion',
  'network-exclusion',
  'group-exclusion',
  /** An exclusion that held at the launch and is not there any more, or of a source that is not the caller's to see. */
  'earlier-exclusion',
]);

export const scopeLine = z.object({
  source: scopeSource,
  effect: z.enum(['includes', 'excludes']),
  /** As written, at most 80 characters; of an asset group or tag its name, of a map its number. */
  text: z.string(),
  /** Of a list that somebody wrote: its line, from 1. */
  line: z.number().int().positive().nullable(),
});

/**
 * What a scan can say of one address. `not-known`: part of what held it was done, and nothing says whether this address was. Only `silent`
 * says that it was asked to the end and gave no answer.
 */
export const hostOutcome = z.enum([
  'found',
  'silent',
  'not-tested',
  'not-known',
  'waiting',
  'running',
  'excluded',
  'not-asked-for',
  'not-seen',
]);
export type HostOutcome = z.infer<typeof hostOutcome>;

/** What appliances told of the packets that looked for the hosts of a block. */
const sentFigures = z.object({
  /** Runs of the block that began, and runs that told what they sent: the others were lost, are under way, or older versions. */
  begun: z.number().int().nonnegative(),
  told: z.number().int().nonnegative(),
  /** Kinds and reasons as in `probesSent` of the appliance protocol; figures of all runs that told, and what the last of them left out. */
  ...probesSent.shape,
});

/** Why an address is in the results of a scan, or is not: what the ledger and the facts hold, and nothing more. */
export const hostAccount = z.object({
  address: ipLiteral,
  scan: z.object({ id, status: scanStatus, startedAt: isoDateTime.nullable(), endedAt: isoDateTime.nullable() }),
  outcome: hostOutcome,
  /** One sentence that says why, and one that says what would change it; null where nothing need be done. */
  because: z.string(),
  remedy: z.string().nullable(),
  inPlan: z.boolean(),
  /** Lines that take it in, then lines that take it out; at most 20. */
  lines: z.array(scopeLine),
  /** The slice that holds it; null where none does. */
  slice: z
    .object({
      number: z.number().int(),
      state: z.enum(['pending', 'leased', 'done', 'cancelled']),
      /** How often it was leased, and how often it came back because its window ended. */
      attempt: z.number().int(),
      givenBack: z.number().int(),
      reason: z.string().nullable(),
      detail: z.string().nullable(),
      /** Appliances with a VLAN or route of their own there: others leave the slice to them. Only those that the caller sees. */
      claimedBy: z.array(z.string()),
      /** Newest first, at most 20. Names of appliances that the caller does not see are null. */
      leases: z.array(
        z.object({ attempt: z.number().int(), appliance: z.string().nullable(), grantedAt: isoDateTime }),
      ),
    })
    .nullable(),
  discovery: z
    .object({
      block: z.string(),
      state: unitState,
      reason: notEvaluableReason.nullable(),
      detail: z.string().nullable(),
      at: isoDateTime,
      /** How the host showed itself, or that it did not; null where no fact says so. */
      answer: z.string().nullable(),
      /** What was sent to find hosts in the block and what was not, as sentences: from what appliances told, and that nobody told. */
      probes: z.array(z.string()),
      /** The same as figures, for the whole block and all its runs. Null: nobody told. */
      sent: sentFigures.nullable(),
    })
    .nullable(),
  phases: z.array(
    z.object({
      phase,
      /** `not-planned`: the scan has no such phase. `not-begun`: nothing found the host, so the phase has no unit. */
      state: z.enum([...unitState.options, 'not-planned', 'not-begun']),
      reason: notEvaluableReason.nullable(),
      detail: z.string().nullable(),
      at: isoDateTime.nullable(),
    }),
  ),
  /** Compressed lists of ports. `coverageKnown` false: nobody told what was asked, so all but the open ones count as not tested. */
  ports: z.array(
    z.object({
      protocol: transport,
      planned: z.string(),
      open: z.string(),
      closed: z.string(),
      noAnswer: z.string(),
      notTested: z.string(),
      coverageKnown: z.boolean(),
    }),
  ),
  /** What the appliance noted about the host, and about its slice as a whole; newest first, at most 20. */
  notes: z.array(
    z.object({
      at: isoDateTime,
      level: z.enum(['info', 'warning', 'error']),
      message: z.string(),
      ofHost: z.boolean(),
    }),
  ),
});
export type HostAccount = z.infer<typeof hostAccount>;
