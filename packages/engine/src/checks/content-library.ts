import type { CompiledCheck } from '@picket/checks/check';
import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';

/** Something in a content folder that is not used, and why. */
export interface ContentProblem {
  /** Path inside the content folder. */
  readonly file: string;
  readonly kind: 'syntax' | 'unsupported' | 'duplicate' | 'unreadable';
  readonly message: string;
}

/** Content as the engine uses it: one version of checks and fingerprints. */
export interface ContentLibrary {
  /** A date-number such as `20261121.1`. */
  readonly version: string;
  readonly checks: readonly CompiledCheck[];
  readonly fingerprints: FingerprintDb;
  readonly problems: readonly ContentProblem[];
}
