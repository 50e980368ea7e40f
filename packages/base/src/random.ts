/** Randomness as an injected port. The system's implementation is cryptographic; tests use a seeded one. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
  /** A uniform integer in [0, `limit`), `limit` at most 2^32. */
  integer(limit: number): number;
  /** A random UUID, version 4 (RFC 9562 section 5.4). */
  uuid(): string;
}
