import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Path of the Node.js 24 that npm installed; the running one where it is new enough and none is bundled for this platform. */
export function bundledNode() {
  const require = createRequire(import.meta.url);
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const path = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node');
    if (existsSync(path)) return path;
  } catch {
    // No such package for this platform: fall through to the running one.
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `Node.js 24 is needed on ${process.platform}-${process.arch}, and this is ${process.versions.node}. Install Node.js 24 or newer.`,
  );
}
