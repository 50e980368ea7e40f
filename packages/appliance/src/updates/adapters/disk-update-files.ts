import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat, statfs, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { runningSha256 } from '@picket/base/adapters/running-hash';
import { readBundle } from '@picket/contracts/release/read-bundle';
import type { ReleaseKind } from '@picket/contracts/release/release-version';
import { readIfThere, removeFile, replaceFile } from '../../daemon/adapters/private-files.ts';
import { currentLink } from '../update-layout.ts';
import type { UpdateFiles } from '../update-files.ts';
import { parseRecord, parseRequest } from '../update-record.ts';
import { syncFolder, unpackBundle } from './unpack-bundle.ts';

/** Updates in a folder of their own; see `update-layout` for what lies where. */
export async function diskUpdateFiles(root: string): Promise<UpdateFiles> {
  const at = (...names: string[]) => join(root, ...names);
  // Scan workers may be another user: they read content, and nothing else.
  for (const folder of ['versions/content', 'current']) await mkdir(at(folder), { recursive: true });
  for (const folder of ['', 'versions', 'versions/content', 'current']) await chmod(at(folder), 0o755);
  for (const folder of ['incoming', 'versions/software']) await mkdir(at(folder), { recursive: true, mode: 0o700 });
  const part = (sha256: string) => at('incoming', `${sha256}.part`);
  const folder = (kind: ReleaseKind, version: string) => at('versions', kind, version);
  const mark = (kind: ReleaseKind, version: string) => at('versions', kind, `${version}.sha256`);
  return {
    partSize: async (sha256) => (await stat(part(sha256)).catch(() => null))?.size ?? 0,
    append: (sha256, offset, bytes) => append(part(sha256), offset, bytes),
    dropPart: (sha256) => removeFile(part(sha256)),
    dropOtherParts: async (sha256) => {
      for (const name of await readdir(at('incoming')))
        if (name !== `${sha256}.part`) await removeFile(at('incoming', name));
    },
    verify: async (sha256, trust) => {
      const hash = runningSha256();
      const bytes = async function* () {
        for await (const chunk of createReadStream(part(sha256))) {
          hash.update(chunk);
          yield chunk;
        }
      };
      // Read to the end also when it does not hold: the hash is of the whole.
      const source = bytes();
      const read = await readBundle(
        { [Symbol.asyncIterator]: () => keptOpen(source) },
        { trust, newHash: runningSha256 },
      );
      for await (const rest of source) void rest;
      return { sha256: hash.hex(), read };
    },
    unpack: async ({ kind, version, sha256 }, trust) => {
      const partial = `${folder(kind, version)}.partial`;
      await removeTree(partial);
      const read = await unpackBundle(createReadStream(part(sha256)), partial, trust, kind === 'content');
      if (!read.ok) {
        await removeTree(partial);
        return read;
      }
      await removeTree(folder(kind, version));
      await replaceFile(mark(kind, version), sha256);
      await rename(partial, folder(kind, version));
      await syncFolder(at('versions', kind));
      return { ok: true, value: null };
    },
    installed: async (kind, version) =>
      (await stat(folder(kind, version)).catch(() => null))?.isDirectory() ? readIfThere(mark(kind, version)) : null,
    folder,
    record: async (name) => parseRecord(await readIfThere(at(`${name}.json`))),
    saveRecord: (name, record) => replaceFile(at(`${name}.json`), `${JSON.stringify(record)}\n`),
    setCurrent: (kind, version) => setCurrent(currentLink(root, kind), kind, version),
    prune: async (kind, keep) => {
      const kept = new Set(keep.flatMap((version) => [version, `${version}.sha256`]));
      for (const name of await readdir(at('versions', kind)))
        if (!kept.has(name)) await removeTree(at('versions', kind, name));
    },
    request: (release) => replaceFile(at('software-next.json'), JSON.stringify(release)),
    requested: async () => parseRequest(await readIfThere(at('software-next.json'))),
    dropRequest: () => removeFile(at('software-next.json')),
    callHome: (version) => replaceFile(at('called-home'), version),
    calledHome: () => readIfThere(at('called-home')),
    dropCall: () => removeFile(at('called-home')),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

/** An iterator whose early end does not end the source. */
function keptOpen(source: AsyncGenerator<Uint8Array>): AsyncIterator<Uint8Array> {
  return { next: () => source.next() };
}

async function append(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, offset === 0 ? 'w' : 'r+', 0o600);
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** A new link beside the old one, renamed over it: there is always one of the two. */
async function setCurrent(link: string, kind: ReleaseKind, version: string | null): Promise<void> {
  if (version === null) {
    await rm(link, { force: true });
  } else {
    const draft = `${link}.new`;
    await rm(draft, { force: true });
    await symlink(join('..', 'versions', kind, version), draft);
    await rename(draft, link);
  }
  await syncFolder(join(link, '..'));
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
