import { z } from 'zod';
import { id, ipLiteral, ipRangeText, isoDateTime, jobKind, phase } from './primitive.ts';
import { resumeState } from './resume.ts';

/** Figures of a profile as they bind the engine; the same fields as `plan/profile`. */
export const profileFigures = z.object({
  name: z.enum(['gentle', 'normal', 'fast', 'lab']),
  packetsPerSecond: z.number().int().positive(),
  packetsPerSecondPerHost: z.number().int().positive(),
  hostsAtOnce: z.number().int().positive(),
  connectionsPerHost: z.number().int().positive(),
  checksPerHost: z.number().int().positive(),
  connectTimeoutMs: z.number().int().positive(),
  retries: z.number().int().min(0).max(10),
});

/**
 * A lease: everything that bounds a slice of work, so that the appliance can enforce it alone, without the platform.
 * Signed as a whole by the platform's lease key; daemon and scan worker each verify it.
 */
export const lease = z.object({
  level: z.number().int().positive(),
  leaseId: z.string().max(64),
  applianceId: id,
  scanId: id,
  sliceId: id,
  /** 1 for the first lease of a slice, one more each time it had to be leased again. */
  attempt: z.number().int().positive(),
  kind: jobKind,
  issuedAt: isoDateTime,
  /** Renewed by every poll that names the lease; a lease that is not renewed ends here. */
  expiresAt: isoDateTime,
  /** Nothing may be sent outside it. Null: at any time. */
  window: z.object({ notBefore: isoDateTime, notAfter: isoDateTime }).nullable(),
  /** Work that is not done by then is reported as not evaluable. Renewal does not move it. */
  deadline: isoDateTime,
  networkId: id,
  /** The blocks of the slice, in order. Each is a discovery unit. */
  blocks: z.array(ipRangeText).min(1).max(70_000),
  exclusions: z.array(ipRangeText).max(70_000),
  names: z.array(z.object({ name: z.string().max(253), addresses: z.array(ipLiteral).max(64) })).max(20_000),
  phases: z.array(phase).min(1),
  ports: z.object({ tcp: z.string().max(400_000), udp: z.string().max(400_000) }),
  profile: profileFigures,
  assumeAlive: z.boolean(),
  checks: z.object({ intrusive: z.boolean() }),
  /** Ask printers and controllers too, which may print or stop at a question. Absent: they are spared. */
  askFragile: z.boolean().optional(),
  resume: resumeState,
});
export type Lease = z.infer<typeof lease>;

/** A lease as it travels: the exact bytes that were signed (UTF-8 JSON, base64url) and an Ed25519 signature over them. */
export const signedLease = z.object({
  payload: z.string().max(64_000_000),
  signature: z.string().max(128),
  /** SHA-256 of the raw public key, base64url: tells which key, so that keys can be rotated. */
  keyId: z.string().max(64),
});
export type SignedLease = z.infer<typeof signedLease>;
