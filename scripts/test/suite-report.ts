import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { StepOutcome } from '../run-step.ts';

/** What one suite came to. */
export interface SuiteReport {
  readonly size: string;
  readonly passed: number;
  /** Tests that failed, files that did without one, and what killed a process: each with its name. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  readonly seconds: number;
  /** Files and how long each took with its hooks, the longest first. */
  readonly files: readonly { readonly name: string; readonly seconds: number }[];
}

/** Files named in the closing lines: those that take most of the time. */
const longestShown = 15;

const suiteFacts = z.object({
  files: z.array(
    z.object({
      name: z.string(),
      failed: z.boolean(),
      seconds: z.number(),
      tests: z.array(z.object({ name: z.string(), state: z.enum(['passed', 'failed', 'skipped', 'pending']) })),
    }),
  ),
  errors: z.array(z.string()),
});
export type SuiteFacts = z.infer<typeof suiteFacts>;

/** Reads what the reporter left. A suite that left nothing, or ended badly with no failed test, counts one failure: never green by silence. */
export function readReport(size: string, path: string, outcome: StepOutcome): SuiteReport {
  const { seconds } = outcome;
  if (!existsSync(path)) return { size, passed: 0, failed: ['no report was left'], skipped: [], seconds, files: [] };
  const { files, errors } = suiteFacts.parse(JSON.parse(readFileSync(path, 'utf8')));
  const tests = files.flatMap((file) => file.tests.map((test) => ({ ...test, name: `${file.name}: ${test.name}` })));
  const named = (...states: readonly string[]) =>
    tests.filter((test) => states.includes(test.state)).map(({ name }) => name);
  const broken = files
    .filter((file) => file.failed && !file.tests.some((test) => test.state === 'failed'))
    .map(({ name }) => `${name}: outside its tests`);
  const failed = [...named('failed'), ...broken, ...errors];
  return {
    size,
    passed: named('passed').length,
    failed: failed.length === 0 && outcome.code !== 0 ? [`ended with exit code ${outcome.code}`] : failed,
    skipped: named('skipped', 'pending'),
    seconds,
    files: files.toSorted((a, b) => b.seconds - a.seconds),
  };
}

/** The closing lines: time per suite and its longest files, every skipped and failed test by name, and the sum as the last line. */
export function sumReports(reports: readonly SuiteReport[]): string[] {
  const lines = [''];
  for (const suite of reports) {
    const { size, passed, failed, skipped } = suite;
    const counts = `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
    lines.push(`${size}: ${counts} in ${suite.seconds.toFixed(1)} s`);
  }
  for (const { size, files } of reports)
    for (const { name, seconds } of files.slice(0, longestShown))
      if (seconds >= 10) lines.push(`long (${size}): ${seconds.toFixed(0)} s ${name}`);
  for (const { size, skipped } of reports) for (const name of skipped) lines.push(`skipped (${size}): ${name}`);
  for (const { size, failed } of reports) for (const name of failed) lines.push(`failed (${size}): ${name}`);
  const sum = (count: (suite: SuiteReport) => number) => reports.reduce((total, suite) => total + count(suite), 0);
  lines.push(
    `${sum((s) => s.passed)} passed, ${sum((s) => s.failed.length)} failed, ${sum((s) => s.skipped.length)} skipped`,
  );
  return lines;
}
