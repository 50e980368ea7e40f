import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runningSha256 } from '@picket/base/adapters/running-hash';
import { userError } from '@picket/base/error';
import { pathFault, type ReleaseFile, releaseLimits } from '@picket/contracts/release/release-manifest';

/** Every file below a folder, in the order of their paths. Refuses what a bundle can't hold: links, devices, strange names. */
export async function releaseFiles(folder: string): Promise<readonly ReleaseFile[]> {
  const paths: string[] = [];
  await collect(folder, '', paths);
  paths.sort();
  const files: ReleaseFile[] = [];
  for (const path of paths) files.push(await described(folder, path));
  return files;
}

async function collect(folder: string, below: string, paths: string[]): Promise<void> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unknown';
    throw userError('release.folder-unreadable', `The folder ${join(folder, below)} can't be read: ${why}.`);
  });
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) await collect(folder, path, paths);
    else if (entry.isFile()) paths.push(path);
    else
      throw userError(
        'release.not-a-file',
        `${join(folder, path)} is no plain file.`,
        'A bundle holds plain files only: put a copy in place of the link.',
      );
    if (paths.length > releaseLimits.files)
      throw userError('release.too-many-files', `${folder} holds more than ${releaseLimits.files} files.`);
  }
}

async function described(folder: string, path: string): Promise<ReleaseFile> {
  const fault = pathFault(path);
  if (fault !== null)
    throw userError('release.path-refused', `The path ${JSON.stringify(path)} ${fault}.`, 'Rename it.');
  const { size, mode } = await stat(join(folder, path));
  if (size > releaseLimits.fileBytes)
    throw userError('release.file-too-large', `${join(folder, path)} is larger than ${releaseLimits.fileBytes} bytes.`);
  const hash = runningSha256();
  for await (const chunk of createReadStream(join(folder, path))) hash.update(chunk);
  return { path, size, sha256: hash.hex(), executable: (mode & 0o111) !== 0 };
}
