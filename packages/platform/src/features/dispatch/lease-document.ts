import { isoTime } from '@picket/base/clock';
import { type Lease, lease as leaseSchema, type SignedLease } from '@picket/contracts/lease';
import { protocolLevel } from '@picket/contracts/protocol';
import type { ResumeState } from '@picket/contracts/resume';
import type { StoredPlan } from '../../jobs/stored-plan.ts';
import type { PlatformKey } from '../../server/platform-key.ts';

/** What a lease is cut from. */
export interface LeaseParts {
  readonly leaseId: string;
  readonly applianceId: number;
  readonly scanId: number;
  readonly sliceId: number;
  readonly networkId: number;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly deadline: number;
  /** End of the window: nothing is sent after it. Null: no end. */
  readonly notAfter: number | null;
  readonly blocks: readonly string[];
  readonly intrusive: boolean;
  /** Packets a second: this lease's share of the job's rate. */
  readonly rate: number;
  readonly plan: StoredPlan;
  readonly resume: ResumeState;
}

/** Everything that bounds the work, in one document. */
export function leaseDocument(parts: LeaseParts): Lease {
  const { plan, rate } = parts;
  return leaseSchema.parse({
    level: protocolLevel,
    leaseId: parts.leaseId,
    applianceId: parts.applianceId,
    scanId: parts.scanId,
    sliceId: parts.sliceId,
    attempt: parts.attempt,
    kind: plan.kind,
    issuedAt: isoTime(parts.issuedAt),
    expiresAt: isoTime(parts.expiresAt),
    window: parts.notAfter === null ? null : { notBefore: isoTime(parts.issuedAt), notAfter: isoTime(parts.notAfter) },
    deadline: isoTime(parts.deadline),
    networkId: parts.networkId,
    blocks: parts.blocks,
    exclusions: plan.exclusions,
    names: plan.names,
    phases: plan.phases,
    ports: plan.ports,
    profile: {
      ...plan.profile,
      packetsPerSecond: rate,
      packetsPerSecondPerHost: Math.min(plan.profile.packetsPerSecondPerHost, rate),
    },
    assumeAlive: plan.assumeAlive,
    checks: { intrusive: parts.intrusive },
    resume: parts.resume,
  });
}

/** Signs the exact bytes that travel: whoever verifies needs no canonical form. */
export function signLease(document: Lease, key: PlatformKey): SignedLease {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  return {
    payload: Buffer.from(bytes).toString('base64url'),
    signature: Buffer.from(key.sign(bytes)).toString('base64url'),
    keyId: key.keyId,
  };
}
