import { z } from 'zod';
import { proofClass, serviceEvent } from '../event.ts';
import { id, isoDateTime, severity, transport } from '../primitive.ts';
import { pageQuery } from './page.ts';
import { severityCounts } from './scan.ts';
import { assetTag } from './tag.ts';

/** A host over time, in a named network. */
export const asset = z.object({
  id,
  networkId: id,
  networkName: z.string(),
  address: z.string(),
  /** Best name, or null. */
  name: z.string().nullable(),
  names: z.array(z.object({ name: z.string(), source: z.string() })),
  mac: z.string().nullable(),
  /** Who made the interface, by the registration of its MAC. */
  macVendor: z.string().nullable(),
  os: z.string().nullable(),
  /** 0 to 1, how sure the scan that judged it was; null when only one service said so. */
  osConfidence: z.number().min(0).max(1).nullable(),
  /** What the judgement rests on, and what speaks against it. */
  osEvidence: z.string().nullable(),
  firstSeen: isoDateTime,
  lastSeen: isoDateTime,
  /** When it was last assessed by a scan that ended; null: only mapped. */
  lastScanned: isoDateTime.nullable(),
  openPorts: z.number().int(),
  detections: severityCounts,
  /** By name. */
  tags: z.array(assetTag),
});
export type Asset = z.infer<typeof asset>;

export const listAssetsQuery = pageQuery.extend({
  q: z.string().max(256).optional().meta({ description: 'Part of a name, or an address, prefix or range.' }),
  networkId: z.coerce.number().int().positive().optional(),
  assetGroupId: z.coerce.number().int().positive().optional(),
  tagId: z.coerce.number().int().positive().optional(),
  sort: z.enum(['address', 'name', 'lastSeen', 'risk']).default('risk'),
});

export const service = z.object({
  id,
  assetId: id,
  address: z.string(),
  assetName: z.string().nullable(),
  protocol: transport,
  port: z.number().int(),
  state: z.enum(['open', 'closed', 'filtered', 'open|filtered']),
  service: z.string(),
  tunnel: z.string().nullable(),
  product: z.string().nullable(),
  version: z.string().nullable(),
  info: z.string().nullable(),
  cpes: z.array(z.string()),
  confidence: z.number(),
  method: z.string().nullable(),
  evidence: serviceEvent.shape.evidence.nullable(),
  tls: serviceEvent.shape.tls.nullable(),
  firstSeen: isoDateTime,
  lastSeen: isoDateTime,
});
export type Service = z.infer<typeof service>;
export const listServicesQuery = pageQuery.extend({
  assetId: z.coerce.number().int().positive().optional(),
  service: z.string().max(64).optional(),
  port: z.coerce.number().int().optional(),
  q: z.string().max(256).optional(),
});

export const detectionStatus = z.enum(['new', 'active', 'fixed', 'reopened']);

/** A finding over time on an asset. */
export const detection = z.object({
  id,
  assetId: id,
  address: z.string(),
  assetName: z.string().nullable(),
  networkName: z.string(),
  check: z.string(),
  checkNumber: z.number().int().positive(),
  name: z.string(),
  severity,
  status: detectionStatus,
  proof: proofClass,
  protocol: transport.nullable(),
  port: z.number().int().nullable(),
  instance: z.string(),
  firstSeen: isoDateTime,
  lastSeen: isoDateTime,
  /** When its check last ran to an answer here. */
  lastTested: isoDateTime,
  fixedAt: isoDateTime.nullable(),
  timesFound: z.number().int(),
  /** The last scan could not test it: why. Null when it could. */
  notEvaluable: z.string().nullable(),
});
export type Detection = z.infer<typeof detection>;

export const detectionDetail = detection.extend({
  evidence: z.object({
    request: z.string().nullable(),
    response: z.string().nullable(),
    matcher: z.string().nullable(),
    extracted: z.array(z.string()),
    /** The raw exchange was taken out on the appliance while the platform was out of reach. */
    trimmed: z.boolean(),
  }),
  scanId: id.nullable(),
  contentVersion: z.string(),
  checkInfo: z.lazy(() => checkInfo).nullable(),
});
export type DetectionDetail = z.infer<typeof detectionDetail>;

export const listDetectionsQuery = pageQuery.extend({
  q: z.string().max(256).optional(),
  severity: z.string().max(64).optional().meta({ description: 'Severities, comma between.' }),
  status: z.string().max(64).optional().meta({ description: 'Statuses, comma between. Default: all but fixed.' }),
  assetId: z.coerce.number().int().positive().optional(),
  scanId: z.coerce.number().int().positive().optional(),
  check: z.string().max(128).optional(),
  firstSeenSince: isoDateTime.optional().meta({ description: 'Only those that were first seen then or later.' }),
  untested: z.literal('true').optional().meta({ description: 'Only those that the last scan could not test.' }),
  sort: z.enum(['severity', 'lastSeen', 'firstSeen']).default('severity'),
});

export const checkInfo = z.object({
  id: z.string(),
  number: z.number().int().positive(),
  name: z.string(),
  severity,
  description: z.string(),
  impact: z.string().nullable(),
  remediation: z.string().nullable(),
  references: z.array(z.string()),
  cwe: z.array(z.string()),
  cve: z.array(z.string()),
  cvssVector: z.string().nullable(),
  cvssScore: z.number().nullable(),
  tags: z.array(z.string()),
  intrusive: z.boolean(),
  /** Why it is not safe for its target, by the rules; empty when it is. */
  intrusiveReasons: z.array(z.string()),
  /** Name of the folder it came from; empty: of a check that is known from findings alone. */
  origin: z.string(),
  /** `unverified`: it carries a signature of its publisher, which was not checked; `none`: it carries none. */
  signature: z.enum(['none', 'unverified']),
  openDetections: z.number().int(),
});
export type CheckInfo = z.infer<typeof checkInfo>;

export const overview = z.object({
  assets: z.number().int(),
  /** Assets that were never scanned, only mapped. */
  assetsNeverScanned: z.number().int(),
  services: z.number().int(),
  detections: severityCounts,
  newLast7Days: z.number().int(),
  reopened: z.number().int(),
  notEvaluable: z.number().int(),
  appliances: z.object({ online: z.number().int(), offline: z.number().int(), waiting: z.number().int() }),
  runningScans: z.array(z.object({ id, title: z.string(), progress: z.number() })),
  worstAssets: z.array(z.object({ id, address: z.string(), name: z.string().nullable(), detections: severityCounts })),
  topChecks: z.array(z.object({ check: z.string(), name: z.string(), severity, assets: z.number().int() })),
});
export type Overview = z.infer<typeof overview>;
