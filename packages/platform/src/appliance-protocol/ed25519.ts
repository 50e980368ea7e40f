import { createHash, createPublicKey, verify } from 'node:crypto';
import type { SignatureCrypto, Verifier } from '@picket/contracts/http-signature';

/** SubjectPublicKeyInfo of Ed25519 up to the 32 key bytes (RFC 8410 section 4). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export const nodeCrypto: SignatureCrypto = {
  sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
};

/** SHA-256 of the raw public key, base64url: how a key is named. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('base64url');
}

/** Verifies with a raw public key (base64url). A key that is none verifies nothing. */
export function verifierOf(publicKey: string): Verifier {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32) return () => false;
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
  return (bytes, signature) => verify(null, bytes, key, signature);
}
