import { createReadStream } from 'node:fs';
import { keyIdOf, verifierOf } from '@picket/base/adapters/ed25519';
import { runningSha256 } from '@picket/base/adapters/running-hash';
import { err, ok, type Result } from '@picket/base/result';
import type { BundleFault } from '@picket/contracts/release/bundle-fault';
import { readBundle } from '@picket/contracts/release/read-bundle';
import type { ReleaseManifest } from '@picket/contracts/release/release-manifest';

/** Reads a bundle to its end with the keys that are trusted. Throws when the file can't be read. */
export async function verifyBundle(
  path: string,
  keys: readonly string[],
): Promise<Result<{ readonly manifest: ReleaseManifest; readonly keyId: string }, BundleFault>> {
  const byId = new Map(keys.map((key) => [keyIdOf(key), verifierOf(key)]));
  const deps = { trust: (keyId: string) => byId.get(keyId) ?? null, newHash: runningSha256 };
  let signer = '';
  const read = await readBundle(createReadStream(path), deps, (piece) => {
    if (piece.kind === 'manifest') signer = piece.keyId;
  });
  return read.ok ? ok({ manifest: read.value, keyId: signer }) : err(read.error);
}
