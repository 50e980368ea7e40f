import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** SubjectPublicKeyInfo of Ed25519 up to the 32 key bytes (RFC 8410 section 4). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** What `contracts/http-signature` needs of cryptography, from this machine's. */
export const nodeCrypto = {
  sha256: (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest()),
};

/** A key pair in memory: raw public key (base64url), its id, and a signer. The private half has no accessor. */
export interface KeyPair {
  readonly publicKey: string;
  readonly keyId: string;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** A new private key as PKCS8 PEM, for a file of mode 0600. */
export function newPrivateKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Reads a PKCS8 PEM. Throws when it is no Ed25519 key. */
export function keyPairFromPem(pem: string): KeyPair {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('the key is not an Ed25519 key');
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  return { publicKey, keyId: keyIdOf(publicKey), sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)) };
}

function rawPublicKey(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length).toString('base64url');
}

/** SHA-256 of the raw public key, base64url. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('base64url');
}

/** Verifies with a raw public key (base64url). A key that is none verifies nothing. */
export function verifierOf(publicKey: string): (bytes: Uint8Array, signature: Uint8Array) => boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32) return () => false;
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
  return (bytes, signature) => verify(null, bytes, key, signature);
}
