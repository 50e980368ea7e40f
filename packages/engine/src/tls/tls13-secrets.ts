import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { ascii, be16, concat } from '../services/bytes.ts';

type Digest = 'sha256' | 'sha384';
type Aead = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';

/** Hash and cipher of the TLS 1.3 suites that every server speaks one of (RFC 8446 appendix B.4). */
const suites: Readonly<Record<number, readonly [digest: Digest, aead: Aead, keyBytes: number]>> = {
  0x1301: ['sha256', 'aes-128-gcm', 16],
  0x1302: ['sha384', 'aes-256-gcm', 32],
  0x1303: ['sha256', 'chacha20-poly1305', 32],
};

/** Suites whose handshake can be read here. */
export const readableSuites: readonly number[] = Object.keys(suites).map(Number);

const tagBytes = 16;
const empty = new Uint8Array(0);

/** Decrypts records of the server's handshake, in their order. */
export type OpenRecord = (record: Uint8Array) => Uint8Array | null;

/**
 * The server's handshake traffic key (RFC 8446 section 7.1), from the shared secret and the two hellos as handshake messages.
 * Null for a suite that is not known. Nothing of ours is ever encrypted: the survey only reads.
 */
export function serverHandshakeOpener(cipher: number, shared: Uint8Array, hellos: Uint8Array): OpenRecord | null {
  const suite = suites[cipher];
  if (!suite) return null;
  const [digest, aead, keyBytes] = suite;
  const size = digest === 'sha256' ? 32 : 48;
  const zeros = new Uint8Array(size);
  const early = hmac(digest, zeros, zeros);
  const handshake = hmac(digest, expandLabel(digest, early, 'derived', hash(digest, empty), size), shared);
  const traffic = expandLabel(digest, handshake, 's hs traffic', hash(digest, hellos), size);
  const key = expandLabel(digest, traffic, 'key', empty, keyBytes);
  const iv = expandLabel(digest, traffic, 'iv', empty, 12);
  let sequence = 0;
  return (record) => {
    const opened = openRecord(aead, key, nonceOf(iv, sequence), record);
    sequence += 1;
    return opened;
  };
}

function hash(digest: Digest, bytes: Uint8Array): Uint8Array {
  return createHash(digest).update(bytes).digest();
}

/** HKDF-Extract (RFC 5869 section 2.2) is an HMAC with the salt as its key. */
function hmac(digest: Digest, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return createHmac(digest, key).update(bytes).digest();
}

/** HKDF-Expand-Label (RFC 8446 section 7.1); every length here is at most one block of the hash. */
function expandLabel(
  digest: Digest,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const name = ascii(`tls13 ${label}`);
  const info = concat(be16(length), Uint8Array.of(name.length), name, Uint8Array.of(context.length), context);
  return hmac(digest, secret, concat(info, Uint8Array.of(1))).subarray(0, length);
}

/** The sequence number as 64 bits, exclusive-or the IV (RFC 8446 section 5.3). */
function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = Uint8Array.from(iv);
  for (let index = 0; index < 4; index += 1)
    nonce[11 - index] = (nonce[11 - index] ?? 0) ^ ((sequence >>> (index * 8)) & 255);
  return nonce;
}

/** Content with its type behind it (RFC 8446 section 5.2), or null when the tag does not fit. */
function openRecord(aead: Aead, key: Uint8Array, nonce: Uint8Array, record: Uint8Array): Uint8Array | null {
  if (record.length < 5 + tagBytes) return null;
  try {
    // The three names differ in the types of their options only.
    const options = { authTagLength: tagBytes };
    const decipher =
      aead === 'chacha20-poly1305'
        ? createDecipheriv(aead, key, nonce, options)
        : createDecipheriv(aead, key, nonce, options);
    decipher.setAAD(record.subarray(0, 5), { plaintextLength: record.length - 5 - tagBytes });
    decipher.setAuthTag(record.subarray(record.length - tagBytes));
    return concat(decipher.update(record.subarray(5, record.length - tagBytes)), decipher.final());
  } catch {
    return null;
  }
}
