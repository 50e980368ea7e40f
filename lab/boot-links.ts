import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Links that make services start at boot, below a root folder: systemd's (`*.wants`, `*.requires` and aliases in /etc/systemd/system) and
 * the S links of System V init (/etc/rc?.d).
 */
export async function bootLinks(root = '/'): Promise<ReadonlySet<string>> {
  const runLevels = ['0', '1', '2', '3', '4', '5', '6', 'S'].map((level) => join(root, 'etc', `rc${level}.d`));
  const systemd = await linksBelow(join(root, 'etc/systemd/system'));
  const systemV = (await Promise.all(runLevels.map(linksBelow))).flat().filter((path) => /\/S\d\d[^/]*$/.test(path));
  return new Set([...systemd, ...systemV]);
}

/** Removes the links that are there now and were not before, as `disable` would; returns them. */
export async function removeNewBootLinks(before: ReadonlySet<string>, root = '/'): Promise<readonly string[]> {
  const fresh = [...(await bootLinks(root))].filter((path) => !before.has(path));
  for (const path of fresh) await rm(path);
  return fresh.toSorted();
}

async function linksBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
}
