import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../check/files-below.ts';
import { runStep } from '../run-step.ts';

/** Runs every property test with many cases, each round with another seed, until the time is up; true when none failed. */
export async function fuzzProperties(
  root: string,
  limits: { readonly minutes: number; readonly runs: number },
  say: (line: string) => void,
): Promise<boolean> {
  const isProperty = (path: string) =>
    path.endsWith('.test.ts') &&
    !path.endsWith('.large.test.ts') &&
    readFileSync(join(root, path), 'utf8').includes("'fast-check'");
  const files = filesBelow(join(root, 'packages'), root).filter(isProperty);
  const deadline = performance.now() + limits.minutes * 60_000;
  for (let round = 1; performance.now() < deadline; round += 1) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    say(`round ${round}: ${files.length} files, ${limits.runs} cases each, seed ${seed}`);
    const settings = { PICKET_PROPERTY_RUNS: String(limits.runs), PICKET_PROPERTY_SEED: String(seed), TZ: 'UTC' };
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--testTimeout=600000', ...files];
    const done = await runStep(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...settings },
      capture: true,
    });
    if (done.code === 0) continue;
    say(done.output);
    say(
      `failed with seed ${seed}; again: PICKET_PROPERTY_RUNS=${limits.runs} PICKET_PROPERTY_SEED=${seed} npx vitest run FILE`,
    );
    return false;
  }
  say('no property failed');
  return true;
}
