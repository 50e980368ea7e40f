import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolStorage } from '../spool/storage.ts';

/** Segment files in one folder. The file being written stays open; a created or removed file is synced with its folder. */
export async function fileStorage(folder: string): Promise<SpoolStorage> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let current: { readonly name: string; readonly handle: FileHandle } | null = null;
  const release = async () => {
    await current?.handle.close();
    current = null;
  };
  const handleOf = async (name: string): Promise<FileHandle> => {
    if (current?.name === name) return current.handle;
    await release();
    current = { name, handle: await open(join(folder, name), 'r+') };
    return current.handle;
  };
  return {
    list: () => readdir(folder),
    size: async (name) => (await stat(join(folder, name))).size,
    read: (name, offset, length) => readAt(join(folder, name), offset, length),
    create: async (name) => {
      const handle = await open(join(folder, name), 'w', 0o600);
      await handle.close();
      await syncFolder(folder);
    },
    append: async (name, offset, bytes) => {
      const handle = await handleOf(name);
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, offset + done);
        done += bytesWritten;
      }
    },
    sync: async (name) => (await handleOf(name)).datasync(),
    truncate: async (name, size) => (await handleOf(name)).truncate(size),
    rename: async (from, to) => {
      await release();
      await rename(join(folder, from), join(folder, to));
      await syncFolder(folder);
    },
    remove: async (name) => {
      if (current?.name === name) await release();
      await rm(join(folder, name), { force: true });
    },
    close: release,
  };
}

async function readAt(path: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
