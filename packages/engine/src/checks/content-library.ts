import type { CompiledCheck } from '@picket/checks/check';
import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { Workflow } from '@picket/checks/workflow/link-workflow';

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
  /** Of all templates, whatever the version says: those of further folders have none. */
  readonly digest: string;
  readonly checks: readonly CompiledCheck[];
  /** Not among the checks; no id is that of a check. */
  readonly workflows: readonly Workflow[];
  readonly fingerprints: FingerprintDb;
  readonly problems: readonly ContentProblem[];
}
