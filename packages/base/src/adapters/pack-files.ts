import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';

/** Largest helper file of a pack that is read, bytes. */
const largest = 4_194_304;

/**
 * Reads helper files (word lists and the like) of one content pack: paths relative to its folder, of plain files inside it. A path
 * that leads out of the folder, by dots or by a link, is not there. The content comes as latin1 text; null: there is no such file.
 */
export function packFiles(directory: string): (path: string) => string | null {
  return (path) => {
    if (path === '' || path.includes('\0') || isAbsolute(path)) return null;
    try {
      const root = realpathSync(directory);
      const real = realpathSync(join(root, path));
      return real.startsWith(root + sep) ? readPlain(real) : null;
    } catch {
      return null;
    }
  };
}

function readPlain(path: string): string | null {
  const file = openSync(path, 'r');
  try {
    const status = fstatSync(file);
    if (!status.isFile() || status.size > largest) return null;
    const bytes = Buffer.alloc(status.size);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)).toString('latin1');
  } finally {
    closeSync(file);
  }
}
