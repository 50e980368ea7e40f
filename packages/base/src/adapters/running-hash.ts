import { createHash } from 'node:crypto';

/** A SHA-256 over bytes as they come. */
export function runningSha256(): { update(bytes: Uint8Array): void; hex(): string } {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}
