import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';

/** The image of the virtual appliance as it lies on the platform's disk. */
export interface ImageFile {
  /** File name without its folder. */
  readonly name: string;
  readonly bytes: number;
  open(): Readable;
}

/** Null without a configured path, and where there is no file. */
export async function imageFile(path: string | null): Promise<ImageFile | null> {
  if (path === null) return null;
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) return null;
  return { name: basename(path), bytes: found.size, open: () => createReadStream(path) };
}
