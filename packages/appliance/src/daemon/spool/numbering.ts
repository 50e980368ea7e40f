import { z } from 'zod';

/**
 * How the spool's own numbers become those of an upload stream: wire = own - base. A spool counts on for ever; its
 * stream is given up for a new one, which the platform counts from 1, when the two do not agree any more.
 */
export const numbering = z.object({ stream: z.uuid(), base: z.int().nonnegative() });
export type Numbering = z.infer<typeof numbering>;

/** The lines of a batch with the numbers of the stream. */
export function toWire(bytes: Uint8Array, base: number): Uint8Array {
  if (base === 0) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  // `encodeLine` writes the number first.
  return Buffer.from(text.replaceAll(/^\{"seq":([0-9]+)/gm, (_, seq: string) => `{"seq":${Number(seq) - base}`));
}
