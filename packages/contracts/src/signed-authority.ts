import { z } from 'zod';

const signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);

/**
 * Answer to `GET /appliance/v1/authority?nonce=...`, for a device that refuses the platform's certificate because it knows another authority: which one
 * vouches for the platform from now on. Signed over `signedAuthorityText` by the key that the device knows the platform by.
 */
export const signedAuthority = z.object({
  /** SHA-256 of the DER of the platform's own CA certificate, lower-case hex; null: public authorities. */
  caSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** Ed25519 by the key that signs answers and leases, base64url. */
  byPlatform: signature,
});
export type SignedAuthority = z.infer<typeof signedAuthority>;

/** What is signed. It begins as nothing else that the platform signs does, so that none can be passed off as the other. */
export function signedAuthorityText(nonce: string, caSha256: string | null): Uint8Array {
  return new TextEncoder().encode(`picket-authority 1\n${nonce}\n${caSha256 === null ? 'public' : caSha256}\n`);
}
