import { z } from 'zod';
import { doctorReport } from './doctor.ts';
import { deviceFacts } from './enrolment.ts';
import { isoDateTime } from './primitive.ts';
import { signedLease } from './lease.ts';
import { communicationFailureReport, mostNetworkErrors, networkErrorReport } from './network-error.ts';
import { scanNetwork, scanNetworkReport } from './scan-network.ts';
import { updateReport, wantedBundle } from './updates.ts';

/** Settings of an appliance that people change in the platform. */
export const pollSettings = z.object({ name: z.string().max(15), pollIntervalSeconds: z.number().int() });
export type PollSettings = z.infer<typeof pollSettings>;

/** What the appliance says of itself at every poll. States, not commands: a lost answer is mended by the next poll. */
export const pollRequest = z.object({
  level: z.number().int(),
  facts: deviceFacts,
  /** Hold the answer for so long if there is nothing to say; 0 for plain polling. */
  waitSeconds: z.number().int().min(0).max(60),
  /** More leases that it could take now. */
  capacity: z.number().int().min(0).max(64),
  /** Free share of its capacity, percent. */
  availablePercent: z.number().int().min(0).max(100),
  leases: z.array(z.object({ leaseId: z.string().max(64), state: z.enum(['running', 'paused', 'ending']) })).max(64),
  /** Work that waits on its disk. */
  spool: z.object({ events: z.number().int().nonnegative(), bytes: z.number().int().nonnegative(), full: z.boolean() }),
  trouble: z.array(z.object({ code: z.string().max(64), message: z.string().max(512) })).max(16),
  /** The document of VLANs, routes and IPv6 that it was given last; absent: none since it was made, or software from before there were any. */
  scanNetwork: scanNetworkReport.optional(),
  /** Versions in use and updates under way; absent: software from before there were any. */
  updates: updateReport.optional(),
  /** The enrolment string that it reaches the platform by; absent: software from before it could be moved. */
  enrolment: z.string().max(512).optional(),
  /** The document that it is bringing into force, where that takes longer than a moment: it is not given it again meanwhile. */
  applying: z.object({ generation: z.int().min(0), message: z.string().max(256) }).optional(),
  /** What kept it from the platform since it said so last, newest last; absent: nothing, or software from before it was told. */
  networkErrors: z.array(networkErrorReport).max(mostNetworkErrors).optional(),
  /** How long it was out of touch, likewise. */
  communicationFailures: z.array(communicationFailureReport).max(mostNetworkErrors).optional(),
  /** What it goes by; a poll is not held while the platform has something else for it. Absent: nothing yet, or older software. */
  settings: pollSettings.optional(),
  /** What its network doctor found when the platform asked for it; until the platform no longer asks under that id. */
  doctor: z.object({ id: z.uuid(), report: doctorReport }).optional(),
  /** Another poll of the appliance is on its way, perhaps held: this one, which is answered at once, says nothing of how it polls. */
  beside: z.boolean().optional(),
});
export type PollRequest = z.infer<typeof pollRequest>;

export const pollAnswer = z.object({
  level: z.number().int(),
  serverTime: isoDateTime,
  settings: pollSettings.extend({
    longPoll: z.boolean(),
    /** What to scan with from now on; only when the request names another generation. */
    scanNetwork: scanNetwork.optional(),
    /** Releases that are due here and not in use. */
    updates: z.array(wantedBundle).max(2).optional(),
    /** Enrolment string of the place where the platform is found from now on; only when the request names another. */
    enrolment: z.string().max(512).optional(),
    /** Have the network doctor look, and report under this id; until the report is here. */
    examine: z.object({ id: z.uuid() }).optional(),
  }),
  /** One entry for every lease that the request named: what it should be doing. `stop`: end it, report, forget it. */
  leases: z.array(
    z.object({
      leaseId: z.string(),
      desired: z.enum(['run', 'pause', 'stop']),
      expiresAt: isoDateTime,
      reason: z.string().max(256).optional(),
    }),
  ),
  granted: z.array(signedLease),
});
export type PollAnswer = z.infer<typeof pollAnswer>;

/** Answer to an upload of `POST /appliance/v1/events?stream=<uuid>&first=<seq>&count=<n>`, body NDJSON of `spooledEvent`, gzip. */
export const uploadAnswer = z.object({
  /** The first sequence number that the platform does not have yet: everything before it may be deleted. */
  next: z.number().int().positive(),
});
export type UploadAnswer = z.infer<typeof uploadAnswer>;
