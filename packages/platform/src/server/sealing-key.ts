import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** Encrypts what the database must hold and nobody may read there. */
export interface SealingKey {
  /** AES-256-GCM. `about` names the record, e.g. `totp:1:7`: a sealed value put into another record does not open. */
  seal(plain: Uint8Array, about: string): Uint8Array;
  /** Throws when the value was changed, is of another record, or was sealed with another platform's key. */
  open(sealed: Uint8Array, about: string): Uint8Array;
}

const version = 1;
const ivLength = 12;
const tagLength = 16;

/**
 * A key derived (HKDF-SHA-256, RFC 5869) from the private half of the platform's key, so that the data folder alone opens what
 * the database holds. Layout of a sealed value: version (1), IV (12), tag (16), ciphertext.
 */
export function sealingKey(privateKey: KeyObject): SealingKey {
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  if (seed.length !== 32) throw new Error('the platform key has no private half');
  const key = Buffer.from(hkdfSync('sha256', seed, '', 'picket sealed values, version 1', 32));
  return {
    seal: (plain, about) => {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(about));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return new Uint8Array(Buffer.concat([Buffer.of(version), iv, cipher.getAuthTag(), text]));
    },
    open: (sealed, about) => {
      const bytes = Buffer.from(sealed);
      if (bytes.length < 1 + ivLength + tagLength || bytes[0] !== version) throw new Error('not a sealed value');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + ivLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(1 + ivLength, 1 + ivLength + tagLength));
      return new Uint8Array(
        Buffer.concat([decipher.update(bytes.subarray(1 + ivLength + tagLength)), decipher.final()]),
      );
    },
  };
}
