import { readFileSync } from 'node:fs';
import { layoutFile, type NetworkLayout, networkLayout } from '../network-layout.ts';

/** Where the network helper of an appliance tells how the network is laid out. */
const defaultRunFolder = '/run/picket';

/** What the network helper last wrote; null on a machine that has none, or when it can't be read. */
export function readLayout(runFolder: string = defaultRunFolder): NetworkLayout | null {
  try {
    return networkLayout.parse(JSON.parse(readFileSync(layoutFile(runFolder), 'utf8')));
  } catch {
    return null;
  }
}
