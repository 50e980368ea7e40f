import { z } from 'zod';
import { isoDateTime } from './primitive.ts';

/** 32 random bytes of the asker, base64url: the answer is signed over them, so that an old one can't be played again. */
export const timeNonce = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);

/**
 * Answer to `GET /appliance/v1/time?nonce=...`, for a device whose own clock is so wrong that it takes the platform's certificate for expired or not
 * yet valid. Both signatures are over `signedTimeText`.
 */
export const signedTime = z.object({
  time: isoDateTime,
  /** ECDSA P-256 with SHA-256 (r and s, IEEE P1363, base64url) by the platform's own certificate authority; null: it has none. */
  byAuthority: signature.nullable(),
  /** Ed25519 by the key that signs answers and leases, base64url. */
  byPlatform: signature,
});
export type SignedTime = z.infer<typeof signedTime>;

/** What is signed. It begins as no certificate and no HTTP message does, so that neither can be passed off as the other. */
export function signedTimeText(nonce: string, time: string): Uint8Array {
  return new TextEncoder().encode(`picket-time 1\n${nonce}\n${time}\n`);
}
