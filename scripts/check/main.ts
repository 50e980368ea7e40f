import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep, type StepOutcome } from '../run-step.ts';
import { houseRuleFaults } from './house-rules.ts';
import { importFaults } from './imports.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const node = process.execPath;
const bin = (path: string) => join(root, 'node_modules', path);

const program =
  (command: string, ...args: string[]) =>
  () =>
    runStep(command, args, { cwd: root, capture: true });

/** A check made in this process: its lines are its faults. */
const faults = (find: () => Promise<string[]>) => async (): Promise<StepOutcome> => {
  const started = performance.now();
  const lines = await find();
  const output = lines.join('\n');
  return { code: lines.length === 0 ? 0 : 1, seconds: (performance.now() - started) / 1000, output, stdout: output };
};

const steps: readonly (readonly [string, () => Promise<StepOutcome>])[] = [
  ['format', program(node, bin('@biomejs/biome/bin/biome'), 'format', '.')],
  ['lint', program(node, bin('oxlint/bin/oxlint'), '--deny-warnings', 'packages', 'lab', 'e2e', 'scripts', 'content')],
  ['house rules', faults(async () => houseRuleFaults(root))],
  ['import directions', faults(async () => importFaults(root))],
  ['types', program(node, bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit')],
  [
    'types of the web interface',
    program(node, bin('typescript/bin/tsc'), '-p', 'packages/web/tsconfig.json', '--noEmit'),
  ],
  ['dead code', program(node, bin('knip/bin/knip.js'), '--no-progress')],
  ['generated files', program(node, 'packages/platform/src/server/write-openapi.ts', '--check')],
  [
    'small and medium tests',
    program(node, join(root, 'scripts/test/main.ts'), '--size', 'small,medium', '--no-install'),
  ],
];

const started = performance.now();
let failed = 0;
for (const [name, run] of steps) {
  const outcome = await run();
  process.stdout.write(`${outcome.code === 0 ? 'ok    ' : 'FAILED'} ${name} (${outcome.seconds.toFixed(1)} s)\n`);
  if (outcome.code !== 0) {
    failed += 1;
    process.stdout.write(`${outcome.output.trimEnd()}\n`);
  }
}
process.stdout.write(
  `${steps.length - failed} of ${steps.length} checks passed in ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
