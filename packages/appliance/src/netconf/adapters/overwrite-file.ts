import { open } from 'node:fs/promises';

/**
 * Gives a file that is there another text and keeps its inode: it may be mounted over /etc/resolv.conf of a program that runs (`space-command.ts`), which
 * would go on with the old one for good if the file were replaced. False: there is no such file. Whoever reads in between may see a part of it; the C
 * library reads it again when it changes.
 */
export async function overwriteFile(path: string, text: string): Promise<boolean> {
  const handle = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return false;
  try {
    const bytes = Buffer.from(text);
    await handle.write(bytes, 0, bytes.length, 0);
    await handle.truncate(bytes.length);
    return true;
  } finally {
    await handle.close();
  }
}
