import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from '../run-step.ts';

/** Benchmarks, each a program of its own that prints its figures beside those of a peer in the same run. */
const benches: Readonly<Record<string, string>> = {
  ingest: 'packages/platform/bench/ingest.bench.ts',
  dispatch: 'packages/platform/bench/dispatch.bench.ts',
  maps: 'packages/platform/bench/maps.bench.ts',
  idle: 'e2e/bench/idle.ts',
  engine: 'e2e/bench/engine.ts',
  services: 'e2e/bench/services.ts',
  checks: 'e2e/bench/checks.ts',
  lab: 'e2e/bench/lab.ts',
  line: 'e2e/bench/line.ts',
  fleet: 'e2e/bench/fleet.ts',
};

const [name = '', ...rest] = process.argv.slice(2);
const program = benches[name];
if (program === undefined) {
  process.stderr.write(`bench: "${name}" is none of ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const done = await runStep(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, program), ...rest], {
  cwd: root,
});
process.exitCode = done.code;
