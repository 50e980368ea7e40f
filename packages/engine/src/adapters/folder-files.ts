import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { describeError } from '@picket/base/error';
import { err, ok, type Result } from '@picket/base/result';
import { type ByteString, fromBytes } from '@picket/checks/byte-string';
import type { TargetFile, TargetFiles } from '../checks/file/target-files.ts';

/** How much of a folder is listed. */
export interface FolderLimits {
  readonly files: number;
  /** Folders below folders. */
  readonly depth: number;
}

const usual: FolderLimits = { files: 10_000, depth: 32 };

/**
 * The plain files of a folder that its user named, or one file. The named path itself may be a link; below it no link is followed, and
 * what is no plain file (a device, a pipe, a socket) is not there.
 */
export function folderFiles(target: string, limits: FolderLimits = usual): TargetFiles {
  return {
    async list() {
      try {
        const root = await realpath(target);
        const status = await lstat(root);
        if (status.isFile()) return ok({ files: [{ path: basename(root), size: status.size }], left: '' });
        if (!status.isDirectory()) return err(`${target} is neither a folder nor a plain file`);
        return ok(await listBelow(root, limits));
      } catch (error) {
        return err(`${target} can't be read: ${describeError(error)}`);
      }
    },
    async read(path, most) {
      try {
        const root = await realpath(target);
        if (!(await lstat(root)).isFile()) return await readInside(root, path, most);
        return path === basename(root) ? await readInside(dirname(root), path, most) : err(`${path} is not the file`);
      } catch (error) {
        return err(`${path} can't be read: ${describeError(error)}`);
      }
    },
  };
}

async function listBelow(root: string, limits: FolderLimits): Promise<{ files: TargetFile[]; left: string }> {
  const files: TargetFile[] = [];
  const faults: string[] = [];
  const open: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const { path, depth } = folder;
    if (depth > limits.depth) {
      faults.push(`${path} lies deeper than ${limits.depth} folders`);
      continue;
    }
    const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => null);
    if (entries === null) faults.push(`the folder ${path} can't be read`);
    for (const entry of entries ?? []) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) open.push({ path: name, depth: depth + 1 });
      if (!entry.isFile()) continue;
      if (files.length >= limits.files)
        return { files: sorted(files), left: `there are more than ${limits.files} files` };
      files.push({ path: name, size: (await lstat(join(root, name)).catch(() => null))?.size ?? 0 });
    }
  }
  return { files: sorted(files), left: faults[0] ?? '' };
}

const sorted = (files: readonly TargetFile[]) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1));

/** Opens without following a link at the end, and looks whether the way there stayed inside. */
async function readInside(root: string, path: string, most: number): Promise<Result<ByteString, string>> {
  const whole = join(root, path);
  const inside = root.endsWith(sep) ? root : root + sep;
  const file = await open(whole, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    const real = await realpath(whole);
    if (!status.isFile() || real !== whole || !real.startsWith(inside))
      return err(`${path} is no plain file of the folder`);
    const bytes = Buffer.alloc(Math.min(status.size, most));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return ok(fromBytes(bytes.subarray(0, bytesRead)));
  } finally {
    await file.close();
  }
}
