import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ version: z.string().max(64) });

/** Version of a content folder by its manifest; `unknown` when that can't be read (the scan worker then says why). */
export async function contentVersion(directory: string | null): Promise<string> {
  if (directory === null) return 'none';
  try {
    return manifest.parse(JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'))).version;
  } catch {
    return 'unknown';
  }
}
