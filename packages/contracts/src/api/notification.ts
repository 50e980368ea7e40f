import { z } from 'zod';
import { id, isoDateTime, jobKind, severity } from '../primitive.ts';
import { pageQuery } from './page.ts';

/** What the platform tells people and programs of. */
export const notificationKind = z.enum([
  'appliance.offline',
  'appliance.back',
  'appliance.suspect',
  'scan.finished',
  'scan.incomplete',
  'scan.error',
  'schedule.missed',
  'detection.critical',
  'update.failed',
]);
export type NotificationKind = z.infer<typeof notificationKind>;

const ofAppliance = { applianceId: id, name: z.string() };
const ofScan = { scanId: id, job: jobKind, title: z.string(), networkId: id, reason: z.string().nullable() };

/** What happened, by its kind; the body of a webhook carries it as `data`. */
export const notificationEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('appliance.offline'), ...ofAppliance, lastContact: isoDateTime }),
  z.object({
    kind: z.literal('appliance.back'),
    ...ofAppliance,
    lastContact: isoDateTime,
    /** How long it was silent. */
    seconds: z.number().int().nonnegative(),
  }),
  z.object({ kind: z.literal('appliance.suspect'), ...ofAppliance }),
  z.object({ kind: z.literal('scan.finished'), ...ofScan }),
  z.object({ kind: z.literal('scan.incomplete'), ...ofScan }),
  z.object({ kind: z.literal('scan.error'), ...ofScan }),
  z.object({
    kind: z.literal('schedule.missed'),
    scheduleId: id,
    title: z.string(),
    networkId: id.nullable(),
    dueAt: isoDateTime,
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('detection.critical'),
    /** How many there are; the list holds the first twenty. */
    count: z.number().int().positive(),
    detections: z.array(
      z.object({
        detectionId: id,
        scanId: id,
        networkId: id,
        name: z.string(),
        severity,
        address: z.string(),
        port: z.number().int().nullable(),
      }),
    ),
  }),
  z.object({
    kind: z.literal('update.failed'),
    ...ofAppliance,
    what: z.enum(['content', 'software']),
    version: z.string().nullable(),
    code: z.string().nullable(),
    detail: z.string().nullable(),
  }),
]);
export type NotificationEvent = z.infer<typeof notificationEvent>;

/** TLS from the first byte (465), STARTTLS that must succeed (587, 25), or none: then no login is sent. */
export const mailSecurity = z.enum(['tls', 'starttls', 'none']);

const pem = z
  .string()
  .trim()
  .max(65_536)
  .includes('-----BEGIN CERTIFICATE-----', { message: 'must be a PEM certificate' });
const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9._:-]+$/, { message: 'must be a host name or an address' });

const mailServerFields = {
  host,
  port: z.number().int().min(1).max(65_535),
  security: mailSecurity,
  /** Null: no login. */
  login: z.string().min(1).max(256).nullable(),
  /** Address in the From field. */
  from: z.email().max(254),
  /** Certificate of an own authority that vouches for the server; null: the public ones. */
  caPem: pem.nullable(),
};

export const mailServer = z.object({
  ...mailServerFields,
  hasPassword: z.boolean(),
  changedAt: isoDateTime,
  changedBy: z.string(),
});
export const mailServerState = z.object({ server: mailServer.nullable() });

/** `password` absent: the stored one stays. */
export const setMailServerRequest = z.object({
  ...mailServerFields,
  security: mailSecurity.default('starttls'),
  login: mailServerFields.login.default(null),
  caPem: mailServerFields.caPem.default(null),
  password: z.string().min(1).max(256).optional(),
});
export const testMailRequest = z.object({ to: z.email().max(254) });
/** What a trial came to; `detail` is what the other side said, cut and without control characters. */
export const trialResult = z.object({ ok: z.boolean(), detail: z.string(), hint: z.string().nullable() });

const kinds = z.array(notificationKind).max(notificationKind.options.length);
const webhookFields = {
  name: z.string().trim().min(1).max(64),
  url: z.url({ protocol: /^https$/ }).max(2048),
  kinds,
  enabled: z.boolean(),
  caPem: pem.nullable(),
};

export const webhook = z.object({
  id,
  ...webhookFields,
  createdAt: isoDateTime,
  createdBy: z.string(),
  /** Deliveries that were given up. */
  dead: z.number().int().nonnegative(),
  lastSuccess: isoDateTime.nullable(),
  lastError: z.string().nullable(),
});
export type Webhook = z.infer<typeof webhook>;
export const createWebhookRequest = z.object({
  ...webhookFields,
  enabled: z.boolean().default(true),
  caPem: webhookFields.caPem.default(null),
});
export const updateWebhookRequest = z.object(webhookFields).partial();
/** The secret is in this answer once and nowhere else. */
export const createdWebhook = z.object({ webhook, secret: z.string() });

/** What the signed-in person gets by mail. */
export const notificationChoice = z.object({
  /** Null: the account has no mail address, so it gets none. */
  address: z.string().nullable(),
  /** A mail server is set up. */
  mailWorks: z.boolean(),
  kinds,
});
export const setNotificationChoiceRequest = z.object({ kinds });

export const deliveryState = z.enum(['waiting', 'sending', 'sent', 'dead']);
/** One message to one receiver. */
export const delivery = z.object({
  id,
  /** The id that the receiver sees: the same for every attempt. */
  publicId: z.uuid(),
  kind: notificationKind,
  /** Login of the account, or name of the webhook. */
  to: z.string(),
  state: deliveryState,
  attempts: z.number().int().nonnegative(),
  createdAt: isoDateTime,
  nextAttemptAt: isoDateTime.nullable(),
  endedAt: isoDateTime.nullable(),
  lastError: z.string().nullable(),
});
export const listDeliveriesQuery = pageQuery.extend({ state: deliveryState.optional() });
