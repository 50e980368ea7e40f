import type { Result } from '@picket/base/result';

/** Bounds of one evaluation. */
export const pacLimits = {
  scriptCharacters: 1_048_576,
  memoryBytes: 16 * 1_048_576,
  /** Time that the script computes. */
  computeMs: 1000,
  /** All of it, names that it resolves included. */
  totalMs: 10_000,
  /** Different names that a script may ask for. */
  names: 20,
  resultCharacters: 4096,
} as const;

/** Asks the `FindProxyForURL` of a PAC file which way leads to an address. The error is one sentence. */
export interface PacEvaluator {
  find(script: string, url: string, host: string, signal: AbortSignal): Promise<Result<string, string>>;
}
