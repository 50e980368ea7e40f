import { type SignedAuthority, signedAuthorityText } from '@picket/contracts/signed-authority';
import type { PlatformContext } from '../../server/context.ts';

/** Which authority vouches for this platform now, signed for this nonce. */
export function signedAuthorityFor(context: PlatformContext, nonce: string): SignedAuthority {
  const caSha256 = context.keys.ca?.sha256 ?? null;
  const signature = context.keys.platform.sign(signedAuthorityText(nonce, caSha256));
  return { caSha256, byPlatform: Buffer.from(signature).toString('base64url') };
}
