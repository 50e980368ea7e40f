import { ownValue } from '@picket/base/own-value';
import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Certificate } from './certificate.ts';

const digests: Readonly<Record<string, string>> = {
  md5WithRSAEncryption: 'md5',
  sha1WithRSAEncryption: 'sha1',
  sha1WithRSA: 'sha1',
  sha224WithRSAEncryption: 'sha224',
  sha256WithRSAEncryption: 'sha256',
  sha384WithRSAEncryption: 'sha384',
  sha512WithRSAEncryption: 'sha512',
  'ecdsa-with-SHA1': 'sha1',
  'ecdsa-with-SHA224': 'sha224',
  'ecdsa-with-SHA256': 'sha256',
  'ecdsa-with-SHA384': 'sha384',
  'ecdsa-with-SHA512': 'sha512',
};

const plain = new Set(['ED25519', 'ED448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']);

/** Whether `issuer`'s key made the signature of `certificate`; null when this machine cannot tell. Never throws. */
export function signedBy(certificate: Certificate, issuer: Certificate): boolean | null {
  const { signed, signature } = certificate.raw;
  const name = certificate.signatureAlgorithm;
  try {
    const der = Buffer.from(issuer.raw.publicKey);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (plain.has(name)) return verify(null, signed, key, signature);
    if (name === 'rsassaPss') return pssVerifies(key, signed, signature);
    const digest = ownValue(digests, name);
    return digest === undefined ? null : verify(digest, signed, key, signature);
  } catch {
    return null;
  }
}

/** The digest is in the parameters; three are in use, and trying them is simpler than reading them. */
function pssVerifies(key: KeyObject, signed: Uint8Array, signature: Uint8Array): boolean {
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return ['sha256', 'sha384', 'sha512'].some((digest) => verify(digest, signed, options, signature));
}
