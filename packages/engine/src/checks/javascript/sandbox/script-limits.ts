/** Times of a script, milliseconds. */
export interface ScriptPatience {
  /** Time that the script computes; waiting for the network does not count. */
  readonly computeMs: number;
  /** How much longer the thread may stay silent before it is ended from outside: some built-in functions can't be interrupted. */
  readonly graceMs: number;
}

export const scriptPatience: ScriptPatience = { computeMs: 2000, graceMs: 1000 };

/** Other bounds of one script. Bytes, milliseconds, characters. */
export const scriptLimits = {
  /** Memory of the script, everything included. */
  memoryBytes: 24 * 1_048_576,
  /** Calls of functions outside of the sandbox. */
  calls: 20_000,
  /** Text of one call or answer. */
  messageCharacters: 4 * 1_048_576,
  /** Threads at once for flows, and as many for blocks: scripts wait for one. */
  threads: 4,
  /** An idle thread is ended after so long. */
  idleMs: 20_000,
} as const;
