import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { PicketError } from '@picket/base/error';
import type { Random } from '@picket/base/random';
import { Secret } from '@picket/base/secret';
import type { PlatformKey } from './platform-key.ts';

/** Seals secrets that the platform must be able to use again: what the database holds is of no use without the platform's key. */
export interface SecretBox {
  /** `place` names the one place where it may be opened again, e.g. `webhook:7`: what is moved to another row does not open. */
  seal(secret: string, place: string): Uint8Array;
  open(sealed: Uint8Array, place: string): Secret;
}

const version = 1;
/** GCM (NIST SP 800-38D): nonces of 96 bits, tags of 128. */
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under a key made from the platform's (HKDF, RFC 5869; Ed25519 signatures are deterministic, RFC 8032). */
export function secretBox(key: PlatformKey, random: Random): SecretBox {
  const seed = key.sign(Buffer.from('picket secret box, version 1'));
  const derived = Buffer.from(hkdfSync('sha256', seed, '', 'picket secret box', 32));
  return {
    seal(secret, place) {
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', derived, nonce).setAAD(Buffer.from(place));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return new Uint8Array(Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), text]));
    },
    open(sealed, place) {
      try {
        if (sealed[0] !== version) throw new Error('unknown version');
        const bytes = Buffer.from(sealed);
        const decipher = createDecipheriv('aes-256-gcm', derived, bytes.subarray(1, 1 + nonceBytes), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes));
        const text = decipher.update(bytes.subarray(1 + nonceBytes + tagBytes));
        return new Secret(Buffer.concat([text, decipher.final()]).toString('utf8'));
      } catch (cause) {
        throw new PicketError({
          code: 'secrets.not-openable',
          kind: 'operational',
          message: `A stored secret (${place}) does not open with this platform's key.`,
          hint: 'Was platform-key.pem replaced? Bring the old one back, or enter the secret again.',
          cause,
        });
      }
    },
  };
}
