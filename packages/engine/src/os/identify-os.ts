import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { PacketProber } from '../packets/packet-prober.ts';
import { askStack } from './ask-stack.ts';
import type { OsAnswer, OsClaim } from './claim.ts';
import type { OsEvidence, SeenService } from './evidence.ts';
import { judgeOs } from './judge-os.ts';
import { macClaim } from './mac-claims.ts';
import { serviceClaims } from './service-claims.ts';
import { stackClaim } from './stack-claim.ts';
import { windowsRole } from './windows-role.ts';

/** A host whose ports and services are known. */
export interface OsTarget {
  /** Canonical IP literal. */
  readonly address: string;
  readonly services: readonly SeenService[];
  readonly macVendor?: string;
  /** TCP ports as the port scan found them; null where none is known. */
  readonly openPort: number | null;
  readonly closedPort: number | null;
  /** Round trip seen before, milliseconds. */
  readonly rttHintMs?: number;
}

export interface OsTools {
  /** Null without raw sockets: the stack is not asked then. */
  readonly prober: PacketProber | null;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Tells the operating system of a host; null is the honest "unknown". Rejects only for an abort or a bug. */
export type IdentifyOs = (target: OsTarget, tools: OsTools) => Promise<OsAnswer | null>;

/** The `os` stage of the engine. */
export function createIdentifyOs(options: { readonly fingerprints: FingerprintDb }): IdentifyOs {
  return async ({ services, macVendor, ...where }, { prober, ...tools }) => {
    const stack = prober === null ? null : await askStack(where, { ...tools, prober });
    return judgeEvidence({ services, stack, ...(macVendor === undefined ? {} : { macVendor }) }, options.fingerprints);
  };
}

/** Evidence to answer. Pure and total. */
export function judgeEvidence(evidence: OsEvidence, fingerprints: FingerprintDb): OsAnswer | null {
  return judgeOs(claimsOf(evidence, fingerprints), windowsRole(evidence.services));
}

/** Every claim that the evidence makes. */
export function claimsOf(evidence: OsEvidence, fingerprints: FingerprintDb): readonly OsClaim[] {
  const whole = [stackClaim(evidence.stack, fingerprints), macClaim(evidence.macVendor)];
  return [...evidence.services.flatMap(serviceClaims), ...whole.filter((claim) => claim !== null)];
}
