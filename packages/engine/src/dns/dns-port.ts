import type { CheckFailure } from '../checks/check-failure.ts';
import type { Result } from '@picket/base/result';

/** The configured resolver, which questions of checks go to: never a name server that content chose. */
export interface DnsPort {
  /**
   * Sends a query and gives the answer with the same id, over TCP when the one over UDP was cut. `tries`: how often at most. Never
   * rejects.
   */
  ask(query: Uint8Array, tries: number, signal: AbortSignal): Promise<Result<Uint8Array, CheckFailure>>;
}
