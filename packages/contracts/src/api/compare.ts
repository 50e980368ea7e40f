import { z } from 'zod';
import { notEvaluableReason } from '../event.ts';
import { id, ipLiteral, isoDateTime, jobKind, severity, transport } from '../primitive.ts';
import { page, pageQuery } from './page.ts';
import { scanStatus } from './scan.ts';

export const compareKind = z.enum(['host', 'port', 'service', 'finding']);
export type CompareKind = z.infer<typeof compareKind>;

/**
 * What is different in the later of two scans. `not-tested`: the earlier one has it and the later one did not test it to its end, so it is
 * neither gone nor fixed. `not-tested-before`: the later one has it, and the earlier one had not tested it, so it need not be new.
 */
export const compareChange = z.enum([
  'new',
  'gone',
  'opened',
  'closed',
  /** The port was open and gives no answer now: something drops the packets, or it is closed. */
  'no-answer',
  'changed',
  'fixed',
  'severity',
  'not-tested',
  'not-tested-before',
]);
export type CompareChange = z.infer<typeof compareChange>;

/** Why the other scan did not test something: a reason of the ledger, or what the plan left out. */
export const untestedReason = z.enum([
  ...notEvaluableReason.options,
  'not-in-targets',
  'excluded',
  'not-planned',
  'not-reached',
  'port-closed',
  /** Part of what holds it was tested, and nothing tells which. */
  'not-known',
]);
export type UntestedReason = z.infer<typeof untestedReason>;

/** One difference. Texts are as the scans told them: how a host answered, a service with product and version, a severity. */
export const compareItem = z.object({
  kind: compareKind,
  change: compareChange,
  reason: untestedReason.nullable(),
  address: ipLiteral,
  assetId: id.nullable(),
  protocol: transport.nullable(),
  port: z.number().int().nullable(),
  /** Of a finding. */
  check: z.string().nullable(),
  name: z.string().nullable(),
  severity: severity.nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type CompareItem = z.infer<typeof compareItem>;

const comparedScan = z.object({
  id,
  kind: jobKind,
  title: z.string(),
  status: scanStatus,
  complete: z.boolean().nullable(),
  startedAt: isoDateTime.nullable(),
  endedAt: isoDateTime.nullable(),
});

/** A page of differences, with what both scans are and how many there are of each. Counts are exact beyond what pages reach (100,000). */
export const comparePage = page(compareItem).extend({
  after: comparedScan,
  before: comparedScan,
  /** Both have the same addresses and ports in their plans. */
  samePlan: z.boolean(),
  counts: z.partialRecord(compareChange, z.number().int()),
});
export type ComparePage = z.infer<typeof comparePage>;

export const compareQuery = pageQuery.extend({ kind: compareKind.default('host'), change: compareChange.optional() });
export const compareExportQuery = z.object({ kind: compareKind.optional() });

/** The scan to compare with unless another is chosen: the run before of the same schedule, else the last one with overlapping targets. */
export const previousScan = z.object({
  scan: comparedScan.nullable(),
  by: z.enum(['schedule', 'targets']).nullable(),
});
