import { createHash } from 'node:crypto';
import { type KeyPair, keyPairFromPem, newPrivateKeyPem } from '@picket/base/adapters/ed25519';
import { encodeBundleHead } from '../bundle-header.ts';

/** Files of a bundle by path. */
export type TestFiles = Readonly<Record<string, string | Uint8Array>>;

export const newReleaseKey = (): KeyPair => keyPairFromPem(newPrivateKeyPem());

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const bytesOf = (content: string | Uint8Array) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** The bytes that are signed; `change` replaces fields. */
export function testManifest(files: TestFiles, change: object = {}): Uint8Array {
  const listed = Object.entries(files).map(([path, content]) => {
    const bytes = bytesOf(content);
    return { path, size: bytes.length, sha256: sha256Of(bytes), executable: false };
  });
  const created = '2026-11-29T00:00:00.000Z';
  const head = { format: 'picket-release-1', kind: 'content', name: 'test', version: '20261129.1', level: 1, created };
  return new TextEncoder().encode(JSON.stringify({ ...head, files: listed, ...change }));
}

/** A whole bundle. */
export function testBundle(
  files: TestFiles,
  key: Pick<KeyPair, 'keyId' | 'sign'>,
  change: object = {},
): Uint8Array<ArrayBuffer> {
  const head = encodeBundleHead(testManifest(files, change), key);
  return new Uint8Array(Buffer.concat([head, ...Object.values(files).map(bytesOf)]));
}
