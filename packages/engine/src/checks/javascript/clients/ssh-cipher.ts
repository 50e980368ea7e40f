import { ownValue } from '@picket/base/own-value';
import {
  type CipherGCM,
  createCipheriv,
  createDecipheriv,
  createHmac,
  type DecipherGCM,
  timingSafeEqual,
} from 'node:crypto';
import { be32, concat } from '../../../services/bytes.ts';

interface CipherShape {
  readonly node: string;
  readonly key: number;
  readonly iv: number;
  readonly block: number;
  readonly sealed: boolean;
}

const shapes: Readonly<Record<string, CipherShape>> = {
  'aes128-ctr': { node: 'aes-128-ctr', key: 16, iv: 16, block: 16, sealed: false },
  'aes192-ctr': { node: 'aes-192-ctr', key: 24, iv: 16, block: 16, sealed: false },
  'aes256-ctr': { node: 'aes-256-ctr', key: 32, iv: 16, block: 16, sealed: false },
  'aes128-gcm@openssh.com': { node: 'aes-128-gcm', key: 16, iv: 12, block: 16, sealed: true },
  'aes256-gcm@openssh.com': { node: 'aes-256-gcm', key: 32, iv: 12, block: 16, sealed: true },
  'aes128-cbc': { node: 'aes-128-cbc', key: 16, iv: 16, block: 16, sealed: false },
  'aes256-cbc': { node: 'aes-256-cbc', key: 32, iv: 16, block: 16, sealed: false },
  '3des-cbc': { node: 'des-ede3-cbc', key: 24, iv: 8, block: 8, sealed: false },
};

const macs: Readonly<Record<string, readonly [hash: string, length: number]>> = {
  'hmac-sha2-256': ['sha256', 32],
  'hmac-sha2-512': ['sha512', 64],
  'hmac-sha1': ['sha1', 20],
  'hmac-md5': ['md5', 16],
};

export const sshCiphers: readonly string[] = Object.keys(shapes);
export const sshMacs: readonly string[] = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  ...Object.keys(macs),
];

/** Gives a key of a letter and a length. */
type Keys = (letter: string, length: number) => Uint8Array;

/** What protects one direction after the exchange of keys. */
export interface SshGuard {
  readonly block: number;
  /** Bytes after the packet. */
  readonly tag: number;
  /** The length of a packet is not enciphered. */
  readonly clearLength: boolean;
  /** Enciphers and signs a packet. */
  seal(sequence: number, packet: Uint8Array): Uint8Array;
  /** Deciphers the first block, or nothing where the length is clear. */
  open(bytes: Uint8Array): Uint8Array;
  /** The rest of a packet after `open` took its first bytes; null when it is forged. `first` is what came first, as it came and opened. */
  finish(
    sequence: number,
    first: { readonly raw: Uint8Array; readonly clear: Uint8Array },
    rest: Uint8Array,
    tag: Uint8Array,
  ): Uint8Array | null;
}

/** The guard for a cipher and a MAC; null when one is not known. Letters: IV, key, MAC key (RFC 4253 section 7.2). */
export function sshGuard(
  cipher: string,
  mac: string,
  letters: readonly [string, string, string],
  keys: Keys,
): SshGuard | null {
  const shape = ownValue(shapes, cipher);
  if (!shape) return null;
  const [ivLetter, keyLetter, macLetter] = letters;
  const key = keys(keyLetter, shape.key);
  const iv = keys(ivLetter, shape.iv);
  if (shape.sealed) return sealedGuard(shape, key, iv);
  const known = ownValue(macs, mac.replace('-etm@openssh.com', ''));
  if (!known) return null;
  const [hash, length] = known;
  const macKey = keys(macLetter, length);
  const sign = (sequence: number, bytes: Uint8Array) =>
    new Uint8Array(createHmac(hash, macKey).update(be32(sequence)).update(bytes).digest());
  return signedGuard(shape, { key, iv }, { sign, length, after: mac.endsWith('-etm@openssh.com') });
}

function signedGuard(
  shape: CipherShape,
  { key, iv }: { readonly key: Uint8Array; readonly iv: Uint8Array },
  mac: {
    readonly sign: (sequence: number, bytes: Uint8Array) => Uint8Array;
    readonly length: number;
    readonly after: boolean;
  },
): SshGuard {
  const encipher = createCipheriv(shape.node, key, iv).setAutoPadding(false);
  const decipher = createDecipheriv(shape.node, key, iv).setAutoPadding(false);
  const same = (left: Uint8Array, right: Uint8Array) => left.length === right.length && timingSafeEqual(left, right);
  return {
    block: shape.block,
    tag: mac.length,
    clearLength: mac.after,
    seal: (sequence, packet) => {
      if (!mac.after) return concat(new Uint8Array(encipher.update(packet)), mac.sign(sequence, packet));
      const sealed = concat(packet.subarray(0, 4), new Uint8Array(encipher.update(packet.subarray(4))));
      return concat(sealed, mac.sign(sequence, sealed));
    },
    open: (bytes) => (mac.after ? bytes : new Uint8Array(decipher.update(bytes))),
    finish: (sequence, first, rest, tag) => {
      if (mac.after && !same(mac.sign(sequence, concat(first.raw, rest)), tag)) return null;
      const packet = concat(first.clear, new Uint8Array(decipher.update(rest)));
      return mac.after || same(mac.sign(sequence, packet), tag) ? packet : null;
    },
  };
}

/** AES-GCM (RFC 5647): the length is clear and signed, the last eight bytes of the IV count. */
function sealedGuard(shape: CipherShape, key: Uint8Array, start: Uint8Array): SshGuard {
  const iv = Buffer.from(start);
  const next = () => {
    const used = Buffer.from(iv);
    iv.writeBigUInt64BE(BigInt.asUintN(64, iv.readBigUInt64BE(4) + 1n), 4);
    return used;
  };
  const algorithm = shape.node === 'aes-128-gcm' ? 'aes-128-gcm' : 'aes-256-gcm';
  return {
    block: 16,
    tag: 16,
    clearLength: true,
    seal: (_sequence, packet) => {
      const cipher: CipherGCM = createCipheriv(algorithm, key, next());
      cipher.setAAD(packet.subarray(0, 4));
      const body = concat(new Uint8Array(cipher.update(packet.subarray(4))), new Uint8Array(cipher.final()));
      return concat(packet.subarray(0, 4), body, new Uint8Array(cipher.getAuthTag()));
    },
    open: (bytes) => bytes,
    finish: (_sequence, first, rest, tag) => {
      try {
        const decipher: DecipherGCM = createDecipheriv(algorithm, key, next());
        decipher.setAAD(first.raw);
        decipher.setAuthTag(tag);
        return concat(first.clear, new Uint8Array(decipher.update(rest)), new Uint8Array(decipher.final()));
      } catch {
        return null;
      }
    },
  };
}
