import { z } from 'zod';
import { doctorReport } from '../doctor.ts';
import { networkErrorReport } from '../network-error.ts';
import { applianceLimits } from '../protocol.ts';
import { id, isoDateTime } from '../primitive.ts';

/** Friendly name: at most 15 characters (spec section 2). */
export const applianceName = z
  .string()
  .trim()
  .min(1)
  .max(15)
  .regex(/^[A-Za-z0-9_\\.-]+$/, { message: 'may hold ASCII letters, digits and - _ \\ .' });

export const applianceState = z.enum(['provisioned', 'active', 'revoked', 'suspect']);

/** Spec section 8: what the list and the preview pane show. */
export const appliance = z.object({
  id,
  name: z.string(),
  state: applianceState,
  /** Heard from within its heartbeat. */
  online: z.boolean(),
  kind: z.enum(['physical', 'virtual', 'process']).nullable(),
  busy: z.boolean(),
  lanAddress: z.string().nullable(),
  /** Masked once used. */
  personalizationCode: z.string().nullable(),
  /** The personalization code that nobody has used yet; null for an appliance that is activated. */
  code: z.object({ state: z.enum(['waiting', 'expired']), expiresAt: isoDateTime }).nullable(),
  softwareVersion: z.string().nullable(),
  contentVersion: z.string().nullable(),
  upToDate: z.boolean().nullable(),
  availablePercent: z.number().int().nullable(),
  connection: z.enum(['long-poll', 'polling', 'none']),
  /** To the scan services. `connected`: ready for new scans. `not-used`: the subscription does without; ready all the same. */
  scanServices: z.enum(['connected', 'not-connected', 'not-used']),
  lastContact: isoDateTime.nullable(),
  pollIntervalSeconds: z.number().int(),
  heartbeatSeconds: z.number().int(),
  networkIds: z.array(id),
  /** As far as the caller sees them. */
  assetGroupIds: z.array(id),
  /** Maps and scans that it works on. */
  runningScans: z.array(id),
  /** Those of them that are maps. */
  runningMaps: z.array(id),
  spool: z.object({ events: z.number().int(), bytes: z.number().int(), full: z.boolean() }).nullable(),
  trouble: z.array(z.object({ code: z.string(), message: z.string() })),
  createdAt: isoDateTime,
});
export type Appliance = z.infer<typeof appliance>;

/** One `NETWORK ERR` of an appliance, as it told afterwards (spec section 7). */
export const applianceNetworkError = networkErrorReport.omit({ id: true, code: true }).extend({
  /** `network-error`: an attempt to connect failed. `communication-failure`: a working appliance lost the platform. */
  kind: z.enum(['network-error', 'communication-failure']),
  /** Two digits; null for a communication failure, which has none. */
  code: networkErrorReport.shape.code.nullable(),
  /** When the platform heard of it. */
  reportedAt: isoDateTime,
});
export type ApplianceNetworkError = z.infer<typeof applianceNetworkError>;

export const activateApplianceRequest = z.object({
  /** Digits as the appliance shows them; blanks and dashes are dropped. */
  code: z.string().trim().min(1).max(32),
  /** Default: `is_<login>`, cut to 15, numbered if taken. */
  name: applianceName.optional(),
  networkIds: z.array(id).max(1000).default([]),
  /** Asset groups that the appliance belongs to. A Unit Manager names at least one of the unit. */
  assetGroupIds: z.array(id).max(100).default([]),
});
export const provisionApplianceRequest = z.object({
  name: applianceName,
  networkIds: z.array(id).max(1000).default([]),
  /** Asset groups that the appliance belongs to. A Unit Manager names at least one of the unit. */
  assetGroupIds: z.array(id).max(100).default([]),
});
/** The 14-digit code is in the answer once, with the enrolment string that the appliance needs beside it. */
export const provisionedAppliance = z.object({
  appliance,
  personalizationCode: z.string(),
  expiresAt: isoDateTime,
  enrolment: z.string(),
});
/** Which device takes the place of an appliance: the one that shows a code, or an instance of the image that is given a new one. */
export const replaceApplianceRequest = z.discriminatedUnion('by', [
  z.object({ by: z.literal('code'), code: activateApplianceRequest.shape.code }),
  z.object({ by: z.literal('personalization') }),
]);
/** The code for the new instance is in the answer once; null for a device that is there already. */
export const replacedAppliance = z.object({
  appliance,
  personalization: z.object({ code: z.string(), expiresAt: isoDateTime, enrolment: z.string() }).nullable(),
});
export const updateApplianceRequest = z
  .object({
    name: applianceName,
    pollIntervalSeconds: z.number().int().min(applianceLimits.pollIntervalMin).max(applianceLimits.pollIntervalMax),
    heartbeatSeconds: z.number().int().min(60).max(14_400),
    networkIds: z.array(id).max(1000),
    assetGroupIds: z.array(id).max(100),
  })
  .partial();

/** The last examination by the network doctor of an appliance that somebody asked for here. */
export const applianceDoctor = z.object({
  /** `none`: nobody has asked yet; `waiting`: the appliance has not answered. */
  state: z.enum(['none', 'waiting', 'done']),
  requestedAt: isoDateTime.nullable(),
  requestedBy: z.string().nullable(),
  report: doctorReport.nullable(),
});
export type ApplianceDoctor = z.infer<typeof applianceDoctor>;

export const about = z.object({
  version: z.string(),
  protocolLevel: z.number().int(),
  contentVersion: z.string(),
  checks: z.number().int(),
  fingerprints: z.number().int(),
  database: z.object({ kind: z.enum(['embedded', 'server']), version: z.string(), warning: z.string().nullable() }),
  /** URLs that appliances must reach (spec section 8). */
  applianceUrls: z.array(z.string()),
  /** URL and CA fingerprint in one string, for new appliances. */
  enrolment: z.string(),
  caSha256: z.string().nullable(),
  licence: z.string(),
});
export type About = z.infer<typeof about>;
