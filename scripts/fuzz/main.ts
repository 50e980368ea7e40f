import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesBelow } from '../check/files-below.ts';
import { runStep } from '../run-step.ts';

const usage = `npm run fuzz [-- OPTIONS]

Runs every property test with many more cases, each round with another seed, until the time is up or one fails.

  --minutes N    how long (default 10)
  --runs N       cases of each property in a round (default 5000)
`;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    runs: { type: 'string', default: '5000' },
    help: { type: 'boolean', short: 'h' },
  },
});
const minutes = Number(values.minutes);
const runs = Number(values.runs);
if (values.help || !(minutes > 0) || !(runs > 0)) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

const isProperty = (path: string) =>
  path.endsWith('.test.ts') &&
  !path.endsWith('.large.test.ts') &&
  readFileSync(join(root, path), 'utf8').includes("'fast-check'");
const files = filesBelow(join(root, 'packages'), root).filter(isProperty);
const deadline = performance.now() + minutes * 60_000;
for (let round = 1; performance.now() < deadline; round += 1) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  process.stdout.write(`round ${round}: ${files.length} files, ${runs} cases each, seed ${seed}\n`);
  const env = { ...process.env, PICKET_PROPERTY_RUNS: String(runs), PICKET_PROPERTY_SEED: String(seed), TZ: 'UTC' };
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--testTimeout=600000', ...files];
  const done = await runStep(process.execPath, args, { cwd: root, env, capture: true });
  if (done.code !== 0) {
    process.stdout.write(done.output);
    process.stdout.write(
      `failed with seed ${seed}; again: PICKET_PROPERTY_RUNS=${runs} PICKET_PROPERTY_SEED=${seed} npx vitest run FILE\n`,
    );
    process.exit(1);
  }
}
process.stdout.write('no property failed\n');
