/** Turns names into addresses, once, when a job is planned. */
export interface NameResolver {
  /** Canonical addresses of each name; a name that does not resolve has no entry. Never rejects. */
  resolve(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
}
