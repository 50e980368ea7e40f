import { ownValue } from '@picket/base/own-value';
import {
  createDiffieHellmanGroup,
  createECDH,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
} from 'node:crypto';
import { sshNumber, sshString } from './ssh-fields.ts';

/** One exchange of keys: what we send, and the shared secret for what comes back. */
export interface KeyExchange {
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Our half, as it goes into the message. */
  readonly ours: Uint8Array;
  /** The secret as `mpint`; null when their half is none. */
  secret(theirs: Uint8Array): Uint8Array | null;
}

const groups: Readonly<Record<string, readonly [group: string, hash: KeyExchange['hash']]>> = {
  'diffie-hellman-group16-sha512': ['modp16', 'sha512'],
  'diffie-hellman-group14-sha256': ['modp14', 'sha256'],
  'diffie-hellman-group14-sha1': ['modp14', 'sha1'],
  'diffie-hellman-group1-sha1': ['modp2', 'sha1'],
};
const curves: Readonly<Record<string, readonly [curve: string, hash: KeyExchange['hash']]>> = {
  'ecdh-sha2-nistp256': ['prime256v1', 'sha256'],
  'ecdh-sha2-nistp384': ['secp384r1', 'sha384'],
  'ecdh-sha2-nistp521': ['secp521r1', 'sha512'],
};
const modern = ['curve25519-sha256', 'curve25519-sha256@libssh.org'];

/** What we offer, best first. Old ones too: they are what is looked for. */
export const keyExchanges: readonly string[] = [...modern, ...Object.keys(curves), ...Object.keys(groups)];

/** Starts the exchange of this name; null for one that is not known. */
export function startKeyExchange(name: string): KeyExchange | null {
  if (modern.includes(name)) return x25519();
  const curve = ownValue(curves, name);
  if (curve) return onCurve(...curve);
  const group = ownValue(groups, name);
  return group ? inGroup(...group) : null;
}

const guarded = (compute: () => Uint8Array): Uint8Array | null => {
  try {
    return sshNumber(compute());
  } catch {
    return null;
  }
};

function x25519(): KeyExchange {
  const pair = generateKeyPairSync('x25519');
  const { x = '' } = pair.publicKey.export({ format: 'jwk' });
  return {
    hash: 'sha256',
    ours: sshString(Buffer.from(x, 'base64url')),
    secret: (theirs) =>
      guarded(() => {
        const key = { kty: 'OKP', crv: 'X25519', x: Buffer.from(theirs).toString('base64url') };
        return new Uint8Array(
          diffieHellman({ privateKey: pair.privateKey, publicKey: createPublicKey({ key, format: 'jwk' }) }),
        );
      }),
  };
}

function onCurve(curve: string, hash: KeyExchange['hash']): KeyExchange {
  const own = createECDH(curve);
  return {
    hash,
    ours: sshString(own.generateKeys()),
    secret: (theirs) => guarded(() => new Uint8Array(own.computeSecret(theirs))),
  };
}

function inGroup(group: string, hash: KeyExchange['hash']): KeyExchange {
  const own = createDiffieHellmanGroup(group);
  return {
    hash,
    ours: sshNumber(own.generateKeys()),
    secret: (theirs) => guarded(() => new Uint8Array(own.computeSecret(theirs))),
  };
}

/** A key of so many bytes out of the secret (RFC 4253 section 7.2). */
export function derivedKey(
  from: {
    readonly hash: KeyExchange['hash'];
    readonly secret: Uint8Array;
    readonly exchange: Uint8Array;
    readonly letter: string;
  },
  length: number,
): Uint8Array {
  const digest = (...parts: readonly Uint8Array[]) => {
    const hash = createHash(from.hash).update(from.secret).update(from.exchange);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  let key = digest(Buffer.from(from.letter), from.exchange);
  while (key.length < length) key = Buffer.concat([key, digest(key)]);
  return new Uint8Array(key.subarray(0, length));
}
