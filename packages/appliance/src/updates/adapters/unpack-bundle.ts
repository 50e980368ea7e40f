import { chmod, type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runningSha256 } from '@picket/base/adapters/running-hash';
import { ok, type Result } from '@picket/base/result';
import type { BundleFault } from '@picket/contracts/release/bundle-fault';
import type { BundlePiece } from '@picket/contracts/release/bundle-reader';
import { readBundle } from '@picket/contracts/release/read-bundle';
import type { ReleaseTrust } from '../update-files.ts';

/**
 * Writes the files of a bundle into `folder`, which must not exist. They can be read and, where the manifest says so, run, by their owner, or by
 * everybody where they are `forAll`, and not written. Every file and folder is on the disk when this resolves.
 */
export async function unpackBundle(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  trust: ReleaseTrust,
  forAll: boolean,
): Promise<Result<null, BundleFault>> {
  const folderMode = forAll ? 0o755 : 0o700;
  await makeOne(folder, folderMode);
  const folders = new Set([folder]);
  let file: FileHandle | null = null;
  const onPiece = async (piece: BundlePiece): Promise<void> => {
    if (piece.kind === 'file') {
      const path = join(folder, piece.file.path);
      await makeFolder(folder, dirname(path), { known: folders, mode: folderMode });
      // Never through something that is there: the folder was empty, and no path comes twice.
      file = await open(path, 'wx', 0o600);
      await file.chmod((forAll ? 0o444 : 0o400) + (piece.file.executable ? 0o100 : 0));
    } else if (piece.kind === 'data') {
      await file?.writeFile(piece.bytes);
    } else if (piece.kind === 'file-end') {
      await file?.sync();
      await file?.close();
      file = null;
    }
  };
  try {
    const read = await readBundle(source, { trust, newHash: runningSha256 }, onPiece);
    if (!read.ok) return read;
  } finally {
    await close(file);
  }
  for (const each of folders) await syncFolder(each);
  return ok(null);
}

async function close(file: FileHandle | null): Promise<void> {
  await file?.close();
}

/** Whatever the umask of this process is. */
async function makeOne(path: string, mode: number): Promise<void> {
  await mkdir(path, { mode });
  await chmod(path, mode);
}

async function makeFolder(
  root: string,
  path: string,
  made: { readonly known: Set<string>; readonly mode: number },
): Promise<void> {
  if (made.known.has(path)) return;
  if (path !== root) await makeFolder(root, dirname(path), made);
  await makeOne(path, made.mode);
  made.known.add(path);
}

/** Forces the names in a folder to the disk. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
