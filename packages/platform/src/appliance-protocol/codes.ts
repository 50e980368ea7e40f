import { createHash, createHmac } from 'node:crypto';
import type { PlatformKey } from '../server/platform-key.ts';

/** Digits of an activation code, and how long it is good. */
export const activationCodeDigits = 12;
export const activationCodeLifeMs = 24 * 3_600_000;
/** Digits of a personalization code (spec section 2), and how long it is good. */
export const personalizationCodeDigits = 14;
export const personalizationCodeLifeMs = 7 * 24 * 3_600_000;

/**
 * Codes of this installation. The database holds only keyed hashes: who reads it can't use a code, nor find one by
 * trying, without the platform's key.
 */
export interface CodeBook {
  /** The code of a waiting device: the same for the same salt, so that it can be shown again and is stored nowhere. */
  activationCode(keyId: string, salt: Uint8Array): string;
  hashOf(kind: 'activation' | 'personalization', code: string): Uint8Array;
}

/** The hash key comes from the platform key: Ed25519 signatures are deterministic (RFC 8032 section 5.1.6). */
export function codeBook(key: PlatformKey): CodeBook {
  const secret = createHash('sha256')
    .update(key.sign(Buffer.from('picket code hashes, version 1')))
    .digest();
  const mac = (text: string) => createHmac('sha256', secret).update(text).digest();
  return {
    activationCode(keyId, salt) {
      const bits = mac(`code ${keyId} ${Buffer.from(salt).toString('hex')}`).readBigUInt64BE();
      return (bits % 10n ** BigInt(activationCodeDigits)).toString().padStart(activationCodeDigits, '0');
    },
    hashOf: (kind, code) => new Uint8Array(mac(`${kind} ${code}`)),
  };
}
