import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { readOrCreateSecretFile } from './secret-file.ts';

/** The platform's Ed25519 key: signs answers to appliances and leases. */
export interface PlatformKey {
  /** base64url of the SHA-256 of the raw public key. */
  readonly keyId: string;
  /** Raw public key (32 bytes), base64url. */
  readonly publicKey: string;
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(data: Uint8Array): Uint8Array;
}

/** Reads `platform-key.pem` (PKCS #8) from the data folder, making it at the first start. */
export async function loadPlatformKey(dataDirectory: string): Promise<PlatformKey> {
  const pem = await readOrCreateSecretFile(join(dataDirectory, 'platform-key.pem'), async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  });
  return platformKey(createPrivateKey(pem));
}

/** A signing key from its private half. */
export function platformKey(privateKey: KeyObject): PlatformKey {
  const raw = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
  const keyId = createHash('sha256').update(Buffer.from(raw, 'base64url')).digest('base64url');
  return { keyId, publicKey: raw, sign: (data) => new Uint8Array(sign(null, data, privateKey)) };
}
