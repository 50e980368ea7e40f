/**
 * Numbers in network byte order. Nothing here checks bounds: a decoder looks at the length once, before it reads. (Reading past the end
 * gives zeros, writing past the end is lost; neither throws.)
 */

/** 16 bits at `at`. */
export function read16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** 32 bits at `at`, 0 to 2^32-1. */
export function read32(bytes: Uint8Array, at: number): number {
  return ((read16(bytes, at) << 16) | read16(bytes, at + 2)) >>> 0;
}

/** Writes the low 16 bits of `value`. */
export function write16(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 8;
  out[at + 1] = value;
}

/** Writes the low 32 bits of `value`. */
export function write32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}
