import { createECDH, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import type { Random } from '@picket/base/random';
import { concat, hex } from '../services/bytes.ts';

/** Our half of a TLS 1.3 key exchange (RFC 8446 section 4.2.8). */
export interface OwnShare {
  readonly group: number;
  readonly key: Uint8Array;
  /** The shared secret with a server's key (RFC 8446 section 7.4); null when the key is none. */
  secret(peer: Uint8Array): Uint8Array | null;
}

/** Names of prime curves for Node.js, by group, and bytes of a private key. */
const primeCurves: Readonly<Record<number, readonly [curve: string, bytes: number]>> = {
  23: ['prime256v1', 32],
  24: ['secp384r1', 48],
  25: ['secp521r1', 66],
};

/** PKCS #8 and SPKI of raw X25519 and X448 keys, up to the key itself (RFC 8410). */
const montgomery: Readonly<Record<number, { pkcs8: Uint8Array; spki: Uint8Array; bytes: number }>> = {
  29: { pkcs8: hex('302e020100300506032b656e04220420'), spki: hex('302a300506032b656e032100'), bytes: 32 },
  30: { pkcs8: hex('3046020100300506032b656f043a0438'), spki: hex('3042300506032b656f033900'), bytes: 56 },
};

/** Groups that a share can be made of, best first. */
export const shareGroups: readonly number[] = [29, 23, 24, 25, 30];

/** Makes a share of a group, or null for a group that this machine cannot compute. */
export function ownShare(group: number, random: Random): OwnShare | null {
  const prime = primeCurves[group];
  if (prime) return primeShare(group, prime, random);
  const forms = montgomery[group];
  if (!forms) return null;
  const key = Buffer.from(concat(forms.pkcs8, random.bytes(forms.bytes)));
  const own = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(own).export({ format: 'der', type: 'spki' });
  return {
    group,
    key: new Uint8Array(spki.subarray(forms.spki.length)),
    secret: (peer) =>
      orNull(() => {
        const key = Buffer.from(concat(forms.spki, peer));
        return diffieHellman({ privateKey: own, publicKey: createPublicKey({ key, format: 'der', type: 'spki' }) });
      }),
  };
}

function primeShare(group: number, [curve, bytes]: readonly [string, number], random: Random): OwnShare {
  const own = createECDH(curve);
  const scalar = random.bytes(bytes);
  // Below the order of the group, which begins with ff (P-256, P-384) or 01ff (P-521), and never 0.
  scalar[0] = group === 25 ? 0 : (scalar[0] ?? 0) & 0x7f;
  scalar[bytes - 1] = (scalar[bytes - 1] ?? 0) | 1;
  own.setPrivateKey(scalar);
  return { group, key: new Uint8Array(own.getPublicKey()), secret: (peer) => orNull(() => own.computeSecret(peer)) };
}

/** A hostile server's key is refused by an exception. */
function orNull(compute: () => Buffer): Uint8Array | null {
  try {
    return new Uint8Array(compute());
  } catch {
    return null;
  }
}
