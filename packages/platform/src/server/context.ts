import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { Role } from '@picket/contracts/api/session';
import type { Database } from '../storage/database.ts';
import type { Viewer } from './access/sight.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import type { PlatformConfig } from './config.ts';
import type { PlatformKey } from './platform-key.ts';

/** What every feature plugin gets. `features/<name>/plugin.ts` exports `<name>Plugin(context): FastifyPluginAsync`. */
export interface PlatformContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly config: PlatformConfig;
  readonly keys: PlatformKeys;
  /** What content this platform holds. */
  readonly content: ContentSummary;
  /** The one tenant of this release; made at first start. */
  readonly subscriptionId: number;
  /** Aborts when the platform closes: long-polls, event streams and background work end on it. */
  readonly closing: AbortSignal;
}

/** The content that was read at the start. */
export interface ContentSummary {
  /** `none` without content. */
  readonly version: string;
  readonly checks: number;
  readonly fingerprints: number;
}

export interface PlatformKeys {
  /** Signs answers and leases. */
  readonly platform: PlatformKey;
  /** The own CA as PEM and its fingerprint (SHA-256 of the DER, lower-case hex); null with an operator's certificate. */
  readonly ca: Pick<CertificateAuthority, 'pem' | 'sha256' | 'sign'> | null;
  /** URL and CA fingerprint in one string, for appliances. */
  readonly enrolment: string;
}

/**
 * On whose behalf a query runs: the first argument of EVERY query. Queries filter by `subscriptionId` and read what accounts see
 * only in part through `server/access/`.
 */
export interface AccessScope extends Viewer {
  readonly accountId: number;
  readonly role: Role;
  readonly login: string;
  /** Business unit of the account; null: none. */
  readonly unitId: number | null;
}
