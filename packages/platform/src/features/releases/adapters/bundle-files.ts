import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runningSha256 } from '@picket/base/adapters/running-hash';
import { ok, type Result } from '@picket/base/result';
import type { BundleFault } from '@picket/contracts/release/bundle-fault';
import { BundleReader } from '@picket/contracts/release/bundle-reader';
import { type ReleaseManifest, releaseLimits } from '@picket/contracts/release/release-manifest';

/** Longer than any bundle that a reader takes. */
const mostBytes = releaseLimits.bundleBytes + 2 * releaseLimits.manifestBytes;

/** A bundle whose bytes are here and whole. */
export interface StoredBundle {
  readonly manifest: ReleaseManifest;
  /** Who says to have signed it; not verified. */
  readonly keyId: string;
  /** Of the whole bundle, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The bundles' files, each named after its own hash. */
export interface BundleFiles {
  /**
   * Takes a bundle in. It is kept only when it is whole and each of its files has the hash that its manifest says. `name` must be new. Rejects, after the
   * whole source was read and with nothing kept, when the disk does not take it.
   */
  store(name: string, source: AsyncIterable<Uint8Array>): Promise<Result<StoredBundle, BundleFault>>;
  /** Bytes from `offset`, at most `length`, fewer at the end; null when there is no such bundle. */
  read(sha256: string, offset: number, length: number): Promise<Uint8Array | null>;
  remove(sha256: string): Promise<void>;
}

export function bundleFiles(folder: string): BundleFiles {
  const at = (sha256: string) => join(folder, `${sha256}.bundle`);
  return {
    store: async (name, source) => {
      const draft = join(folder, `${name}.incoming`);
      try {
        const taken = await take(() => newFile(folder, draft), source);
        if (taken.ok) await rename(draft, at(taken.value.sha256));
        if (taken.ok) await syncPath(folder);
        return taken;
      } finally {
        await rm(draft, { force: true });
      }
    },
    read: async (sha256, offset, length) => readPart(at(sha256), offset, length),
    remove: (sha256) => rm(at(sha256), { force: true }),
  };
}

/** What is refused is read to its end all the same, so that the sender hears why, up to what no bundle can have. */
async function take(
  open: () => Promise<FileHandle>,
  source: AsyncIterable<Uint8Array>,
): Promise<Result<StoredBundle, BundleFault>> {
  const reader = new BundleReader({ newHash: runningSha256 });
  const hash = runningSha256();
  let keyId = '';
  let bytes = 0;
  const draft = new Draft(open);
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      // No whole bundle is as long: the reader has refused it already.
      if (bytes > mostBytes) break;
      hash.update(chunk);
      const pieces = reader.push(chunk);
      if (!pieces.ok) continue;
      for (const piece of pieces.value) if (piece.kind === 'manifest') ({ keyId } = piece);
      await draft.write(chunk);
    }
    const manifest = reader.end();
    if (!manifest.ok) return manifest;
    await draft.finish();
    return ok({ manifest: manifest.value, keyId, sha256: hash.hex(), bytes });
  } finally {
    await draft.close();
  }
}

/** A file that is written while its source is read. A disk that does not take it keeps nobody from reading the source: that comes out at the end. */
class Draft {
  readonly #open: () => Promise<FileHandle>;
  #file: FileHandle | null = null;
  #failure: unknown = null;

  constructor(open: () => Promise<FileHandle>) {
    this.#open = open;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#failure !== null) return;
    try {
      this.#file ??= await this.#open();
      await this.#file.writeFile(chunk);
    } catch (error) {
      this.#failure = error;
    }
  }

  /** On the platter when it resolves. */
  async finish(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    await this.#file?.sync();
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

async function newFile(folder: string, path: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return open(path, 'wx', 0o600);
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array | null> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const buffer = new Uint8Array(length);
    const { bytesRead } = await file.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
