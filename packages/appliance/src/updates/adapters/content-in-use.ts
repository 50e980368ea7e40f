import { readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { currentLink } from '../update-layout.ts';

/** The folder of the content that a worker started now uses: of the version in use, else of the installation. Never through the link: it may move. */
export function contentInUse(root: string, shipped: string | null): string | null {
  const link = currentLink(root, 'content');
  try {
    return resolve(dirname(link), readlinkSync(link));
  } catch {
    return shipped;
  }
}
