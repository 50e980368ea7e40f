import { err, ok, type Result } from '@picket/base/result';
import type { Verifier } from '@picket/contracts/http-signature';
import { type Lease, lease as leaseSchema, type SignedLease } from '@picket/contracts/lease';
import { protocolLevel } from '@picket/contracts/protocol';

export interface LeaseRefusal {
  /** `lease.signature`, `lease.malformed`, `lease.level`, `lease.appliance`, `lease.expired`. */
  readonly code: string;
  readonly message: string;
}

export interface LeaseCheck {
  readonly verify: Verifier;
  readonly applianceId: number;
  /** Platform time, milliseconds since the epoch. */
  readonly nowMs: number;
  /** A later renewal, when one is known; null: the lease's own `expiresAt` counts. */
  readonly renewedUntil: string | null;
}

/**
 * Decides whether a lease may be worked on: signed by the platform, of a known level, for this appliance, not over.
 * Daemon and scan worker each ask: neither trusts the other's word for it.
 */
export function verifyLease(signed: SignedLease, check: LeaseCheck): Result<Lease, LeaseRefusal> {
  const bytes = decodeBase64Url(signed.payload);
  const signature = decodeBase64Url(signed.signature);
  if (!bytes || !signature || !check.verify(bytes, signature)) {
    return refuse('lease.signature', 'The lease is not signed by the platform that this appliance is enrolled with.');
  }
  const parsed = leaseSchema.safeParse(parseJson(bytes));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse('lease.malformed', `The lease can't be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const lease = parsed.data;
  if (!/^[A-Za-z0-9_-]+$/.test(lease.leaseId))
    return refuse('lease.malformed', 'The id of the lease is not a plain word.');
  if (lease.level > protocolLevel) {
    return refuse(
      'lease.level',
      `The lease is of level ${lease.level}; this appliance knows ${protocolLevel}. Update it.`,
    );
  }
  if (lease.applianceId !== check.applianceId) {
    return refuse('lease.appliance', `The lease is for appliance ${lease.applianceId}, not for this one.`);
  }
  const end = Math.max(Date.parse(lease.expiresAt), check.renewedUntil === null ? 0 : Date.parse(check.renewedUntil));
  if (end <= check.nowMs) return refuse('lease.expired', `The lease ended at ${new Date(end).toISOString()}.`);
  return ok(lease);
}

function refuse(code: string, message: string): Result<Lease, LeaseRefusal> {
  return err({ code, message: message.slice(0, 1000) });
}

function decodeBase64Url(text: string): Uint8Array | null {
  return /^[A-Za-z0-9_-]*$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : null;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
