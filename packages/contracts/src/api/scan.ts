import { z } from 'zod';
import { id, ipLiteral, isoDateTime, jobKind, phase, severity, transport } from '../primitive.ts';
import { notEvaluableReason } from '../event.ts';
import { excludedPart } from './exclusion.ts';
import { usedOptionProfile } from './option-profile.ts';
import { pageQuery } from './page.ts';
import { planOutlook } from './plan-outlook.ts';
import { runLimit } from './time-window.ts';

export const scanStatus = z.enum([
  'queued',
  'running',
  'pausing',
  'paused',
  'canceling',
  'canceled',
  'finished',
  'error',
]);
export type ScanStatus = z.infer<typeof scanStatus>;

/** What somebody asks for; the same fields for the plan and for the launch. */
export const scanRequest = z.object({
  kind: jobKind,
  networkId: id,
  /** Target grammar of `plan/targets`; names are resolved once, by the platform, and pinned. */
  targets: z.string().max(1_000_000),
  /** Also scans the addresses of these groups in the network, as far as the network has them registered. */
  assetGroupIds: z.array(id).max(100).default([]),
  /** Also scans the assets of the network that have one of these tags at the launch. */
  tagIds: z.array(id).max(100).optional(),
  /** Also scans the hosts that a map or scan of the network found; with `networks` only those in these prefixes. */
  fromMap: z.object({ id, networks: z.array(z.string().max(100)).max(1000).default([]) }).optional(),
  exclude: z.string().max(1_000_000).default(''),
  ports: z.string().max(100_000).default('top1000'),
  profile: z.enum(['gentle', 'normal', 'fast']).default('normal'),
  /** Packets a second for the whole scan; never above the profile's. */
  rate: z.number().int().min(1).max(20_000).optional(),
  assumeAlive: z.boolean().default(false),
  services: z.boolean().default(true),
  checks: z.boolean().default(true),
  /** Managers only. */
  intrusive: z.boolean().default(false),
  /** Empty: any appliance of the network. */
  applianceIds: z.array(id).max(1000).default([]),
  /** All appliances of these asset groups that serve the network at the launch, beside `applianceIds`. */
  applianceGroupIds: z.array(id).max(100).optional(),
  title: z.string().trim().max(128).default(''),
  /** Its options, as they are at the launch, take the place of those of the request. */
  optionProfileId: id.optional(),
  /** Named windows that it keeps to, beside the blackouts that hold everywhere. */
  windowIds: z.array(id).max(20).optional(),
  runLimit: runLimit.optional(),
});
export type ScanRequest = z.infer<typeof scanRequest>;

/** The plan that would run. Every number is an upper bound. */
export const planPreview = z.object({
  kind: jobKind,
  phases: z.array(phase),
  addresses: z.string(),
  ports: z.number().int(),
  packets: z.string(),
  rate: z.number().int(),
  seconds: z.number().int(),
  slices: z.number().int(),
  names: z.array(z.object({ name: z.string(), addresses: z.array(z.string()) })),
  /** Addresses of the targets that are left out, by who excludes them. */
  excluded: z.array(excludedPart),
  /** Whose options it has; null: its own. */
  optionProfile: usedOptionProfile.nullable(),
  /** Appliances that could run it now. */
  appliances: z.array(z.object({ id, name: z.string(), online: z.boolean() })),
  /** What can be expected of it, and on what that is based. */
  outlook: planOutlook,
  /** Things to know that do not stop it, e.g. no appliance is online. */
  warnings: z.array(z.string()),
});
export type PlanPreview = z.infer<typeof planPreview>;

export const phaseProgress = z.object({
  phase,
  pending: z.number().int(),
  running: z.number().int(),
  done: z.number().int(),
  notEvaluable: z.number().int(),
  cancelled: z.number().int(),
});

export const severityCounts = z.object({
  info: z.number().int(),
  low: z.number().int(),
  medium: z.number().int(),
  high: z.number().int(),
  critical: z.number().int(),
});

export const scanSummary = z.object({
  id,
  kind: jobKind,
  title: z.string(),
  status: scanStatus,
  /** Why it waits, stopped or is incomplete, as a sentence; null when there is nothing to say. */
  statusReason: z.string().nullable(),
  /** Finished with every unit evaluated. Null until it ends. */
  complete: z.boolean().nullable(),
  networkId: id,
  networkName: z.string(),
  targets: z.string(),
  createdAt: isoDateTime,
  startedAt: isoDateTime.nullable(),
  endedAt: isoDateTime.nullable(),
  createdBy: z.string(),
  /** 0 to 1, from the ledger. */
  progress: z.number().min(0).max(1),
  etaSeconds: z.number().int().nullable(),
  phases: z.array(phaseProgress),
  hostsUp: z.number().int(),
  openPorts: z.number().int(),
  findings: severityCounts,
});
export type ScanSummary = z.infer<typeof scanSummary>;

export const scanDetail = scanSummary.extend({
  request: scanRequest,
  plan: planPreview.omit({ appliances: true, outlook: true, warnings: true }),
  appliances: z.array(z.object({ id, name: z.string(), slices: z.number().int(), state: z.string() })),
  slices: z.object({
    pending: z.number().int(),
    leased: z.number().int(),
    done: z.number().int(),
    cancelled: z.number().int(),
  }),
  /** What was really sent. */
  sent: z.object({
    packets: z.number().int(),
    connections: z.number().int(),
    answers: z.number().int(),
    timeouts: z.number().int(),
    rate: z.number(),
    peakRate: z.number(),
    busiestHost: z.object({ address: z.string(), packets: z.number().int() }).nullable(),
  }),
  notEvaluable: z.array(z.object({ phase, reason: notEvaluableReason, units: z.number().int() })),
  notes: z.array(
    z.object({
      at: isoDateTime,
      level: z.enum(['info', 'warning', 'error']),
      code: z.string(),
      message: z.string(),
      address: z.string().nullable(),
    }),
  ),
});
export type ScanDetail = z.infer<typeof scanDetail>;

export const listScansQuery = pageQuery.extend({
  kind: jobKind.optional(),
  status: scanStatus.optional(),
  networkId: z.coerce.number().int().positive().optional(),
  /** Only jobs that saw this asset. */
  assetId: z.coerce.number().int().positive().optional(),
});

export const unitState = z.enum(['pending', 'leased', 'running', 'done', 'not-evaluable', 'cancelled']);

/** One row of the live grid: a host with the state of each of its phases, or a block with its discovery. */
export const ledgerRow = z.object({
  subject: z.string(),
  /** `block` rows have only discovery. */
  kind: z.enum(['block', 'host']),
  names: z.array(z.string()),
  assetId: id.nullable(),
  units: z.array(
    z.object({ phase, state: unitState, reason: notEvaluableReason.nullable(), detail: z.string().nullable() }),
  ),
  openPorts: z.number().int(),
  findings: severityCounts,
});
export const listLedgerQuery = pageQuery.extend({
  kind: z.enum(['block', 'host']).default('host'),
  state: unitState.optional(),
});

/** A host as this scan saw it. */
export const scanHost = z.object({
  address: ipLiteral,
  assetId: id,
  names: z.array(z.string()),
  reason: z.string(),
  os: z.string().nullable(),
  openPorts: z.array(
    z.object({
      protocol: transport,
      port: z.number().int(),
      service: z.string().nullable(),
      product: z.string().nullable(),
      version: z.string().nullable(),
    }),
  ),
  findings: severityCounts,
});

/** Server-sent events of `GET /api/v1/scans/:id/stream` and `/api/v1/stream`: what changed; the reader refetches or patches. */
export const liveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('scan'), scan: scanSummary }),
  z.object({ type: z.literal('ledger'), scanId: id, rows: z.array(ledgerRow) }),
  z.object({
    type: z.literal('finding'),
    scanId: id,
    detectionId: id,
    assetId: id,
    address: z.string(),
    severity,
    name: z.string(),
    port: z.number().int().nullable(),
    protocol: transport.nullable(),
  }),
  z.object({ type: z.literal('appliance'), applianceId: id }),
  /** "Stop all" was pressed or lifted. */
  z.object({ type: z.literal('hold') }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;
