import { isoTime } from '@picket/base/clock';
import { type SignedTime, signedTimeText } from '@picket/contracts/signed-time';
import type { PlatformContext } from '../../server/context.ts';

/** The time as of now, signed for this nonce. */
export async function signedTimeFor(context: PlatformContext, nonce: string): Promise<SignedTime> {
  const time = isoTime(context.clock.now());
  const text = signedTimeText(nonce, time);
  const byAuthority = context.keys.ca === null ? null : base64url(await context.keys.ca.sign(text));
  return { time, byAuthority, byPlatform: base64url(context.keys.platform.sign(text)) };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
