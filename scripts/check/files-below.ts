import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Paths (relative to `root`, with `/`) of all files below a folder; node_modules and hidden folders are left out. */
export function filesBelow(folder: string, root: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : filesBelow(path, root);
    return entry.isFile() ? [relative(root, path).replaceAll('\\', '/')] : [];
  });
}
