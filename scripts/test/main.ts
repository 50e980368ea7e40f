import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runStep } from '../run-step.ts';
import { buildWeb } from '../web-build.ts';
import { installSystemPackages } from './system-packages.ts';
import { readReport, type SuiteReport, sumReports } from './suite-report.ts';

const usage = `npm test [-- OPTIONS] [-- FILTER...]

Installs what the tests need and runs them: small, medium, large. The last line is "N passed, N failed, N skipped".

  --size LIST      only these sizes, comma between (small,medium,large)
  --no-install     do not install packages of the operating system
  FILTER           only test files whose path holds this text
`;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const sizes = ['small', 'medium', 'large'] as const;

/** One size as a run of vitest of its own, so that each has its time and its own report. */
async function runSuite(size: string, filters: readonly string[], folder: string): Promise<SuiteReport> {
  const report = join(folder, `${size}.json`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [
    vitest,
    'run',
    '--project',
    `${size}*`,
    '--passWithNoTests',
    '--reporter=default',
    `--reporter=${join(import.meta.dirname, 'suite-reporter.ts')}`,
    ...filters,
  ];
  process.stdout.write(`\n== ${size} tests\n`);
  const env = { ...process.env, TZ: 'UTC', SUITE_REPORT_FILE: report };
  const done = await runStep(process.execPath, args, { cwd: root, env });
  return readReport(size, report, done);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { size: { type: 'string' }, 'no-install': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const chosen = values.size?.split(',') ?? [...sizes];
const unknown = chosen.find((size) => !sizes.some((each) => each === size));
if (unknown !== undefined) {
  process.stderr.write(`npm test: "${unknown}" is no size. Sizes are ${sizes.join(', ')}.\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'picket-test-'));
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  if (!values['no-install'] && chosen.some((size) => size !== 'small')) await installSystemPackages(say);
  if (chosen.includes('large')) await buildWeb(root, say);
  const reports: SuiteReport[] = [];
  for (const size of chosen) reports.push(await runSuite(size, positionals, folder));
  for (const line of sumReports(reports)) say(line);
  process.exitCode = reports.some((report) => report.failed.length > 0) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
