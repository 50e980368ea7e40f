import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './check/files-below.ts';
import { runStep } from './run-step.ts';

const inputs = ['packages/web', 'packages/contracts/src', 'packages/plan/src', 'packages/base/src'];

/** Builds the web interface if its sources changed since the last build. True when it was built now. */
export async function buildWeb(root: string, say: (line: string) => void): Promise<boolean> {
  const stamp = join(root, 'packages/web/dist/.built');
  const hash = sourcesHash(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  say('Building the web interface...');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const built = await runStep(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'packages/web'),
    capture: true,
  });
  if (built.code !== 0) throw new Error(`The web interface could not be built:\n${built.output}`);
  writeFileSync(stamp, hash);
  return true;
}

/** Names, sizes and times of all inputs: cheap enough for every start. */
function sourcesHash(root: string): string {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((folder) => filesBelow(join(root, folder), root)).sort()) {
    if (path.startsWith('packages/web/dist/')) continue;
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
