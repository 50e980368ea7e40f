/** One decoder under test, with real messages to start from. */
export interface FuzzTarget {
  /** `tls/server-flight`, `probe/ssh`: folder and what is decoded. */
  readonly name: string;
  /** Exported functions that this target calls; a test holds the list against the sources. */
  readonly covers: readonly string[];
  /** Real or specified messages; mutations start from them. */
  readonly corpus: readonly Uint8Array[];
  /** Feeds one input. Must neither throw nor hang, and must depend on these bytes alone. */
  readonly decode: (input: Uint8Array) => unknown;
  /** Longest input, bytes; default 2048. */
  readonly maxLength?: number;
}

/** A text as bytes of UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
