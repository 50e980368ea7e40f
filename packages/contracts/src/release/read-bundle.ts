import { err, type Result } from '@picket/base/result';
import type { BundleFault } from './bundle-fault.ts';
import { type BundlePiece, BundleReader, type BundleReaderDeps } from './bundle-reader.ts';
import type { ReleaseManifest } from './release-manifest.ts';

/**
 * Reads a whole bundle. `onPiece` is waited for before the next bytes are taken; what it throws goes to the caller, as does what
 * the source of the bytes throws.
 */
export async function readBundle(
  chunks: AsyncIterable<Uint8Array>,
  deps: BundleReaderDeps,
  onPiece: (piece: BundlePiece) => Promise<void> | void = () => {},
): Promise<Result<ReleaseManifest, BundleFault>> {
  const reader = new BundleReader(deps);
  for await (const chunk of chunks) {
    const pieces = reader.push(chunk);
    if (!pieces.ok) return err(pieces.error);
    for (const piece of pieces.value) await onPiece(piece);
  }
  // The last files may be empty: they come out with the bytes before them, so nothing is left to hand on here.
  return reader.end();
}
