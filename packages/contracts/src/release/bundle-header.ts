import type { Signer } from '../http-signature.ts';

/**
 * Head of a bundle, all of it before the files' bytes:
 *
 *     offset  bytes  what
 *          0      8  `PKTREL1\n`
 *          8     32  id of the release key: SHA-256 of its raw Ed25519 public key
 *         40     64  Ed25519 signature (RFC 8032) over the manifest's bytes, exactly as they follow
 *        104      4  length of the manifest, big-endian
 *        108      n  manifest, JSON in UTF-8
 *
 * The bytes of the files follow in the order of the manifest, with nothing between or after them.
 */
export const bundleMagic: Uint8Array = Uint8Array.from('PKTREL1\n', (character) => character.charCodeAt(0));
const keyIdAt = 8;
const signatureAt = 40;
const lengthAt = 104;
export const bundleHeadBytes = 108;

export interface BundleHead {
  /** Base64url of the 32 bytes, as `keyIdOf` gives it. */
  readonly keyId: string;
  readonly signature: Uint8Array;
  readonly manifestBytes: number;
}

/** Reads the first 108 bytes; null when they are no head of a bundle. */
export function decodeBundleHead(bytes: Uint8Array): BundleHead | null {
  if (bytes.length < bundleHeadBytes) return null;
  if (bundleMagic.some((byte, at) => bytes[at] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    keyId: toBase64Url(bytes.subarray(keyIdAt, signatureAt)),
    signature: bytes.slice(signatureAt, lengthAt),
    manifestBytes: view.getUint32(lengthAt),
  };
}

/** Head and manifest of a bundle; the files' bytes go after it. `keyId` is base64url of 32 bytes. */
export function encodeBundleHead(
  manifest: Uint8Array,
  key: { readonly keyId: string; readonly sign: Signer },
): Uint8Array {
  const head = new Uint8Array(bundleHeadBytes + manifest.length);
  head.set(bundleMagic, 0);
  head.set(fromBase64Url(key.keyId), keyIdAt);
  head.set(key.sign(manifest), signatureAt);
  new DataView(head.buffer).setUint32(lengthAt, manifest.length);
  head.set(manifest, bundleHeadBytes);
  return head;
}

function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).subarray(0, signatureAt - keyIdAt);
}
