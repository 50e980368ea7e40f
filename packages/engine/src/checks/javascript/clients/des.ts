import { createCipheriv } from 'node:crypto';

/**
 * One block of DES (FIPS 46-3) in electronic code book mode: for VNC, whose passwords are keys of it. OpenSSL 3 has single DES in its
 * legacy provider only, and three times the same key is single DES.
 */
export function desBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv('des-ede3', Buffer.concat([key, key, key]), null);
  cipher.setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(block), cipher.final()]));
}
