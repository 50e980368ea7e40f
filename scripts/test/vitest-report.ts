import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { StepOutcome } from '../run-step.ts';

/** What one suite came to. */
export interface SuiteReport {
  readonly size: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  readonly seconds: number;
}

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** Reads vitest's JSON report. A suite that left none, or ended badly with no failed test, counts one failure: never green by silence. */
export function readReport(size: string, path: string, outcome: StepOutcome): SuiteReport {
  if (!existsSync(path)) return { size, passed: 0, failed: 1, skipped: [], seconds: outcome.seconds };
  const { testResults } = report.parse(JSON.parse(readFileSync(path, 'utf8')));
  const tests = testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = tests.filter((test) => test.status === 'failed').length + broken;
  const skipped = tests
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => test.fullName);
  return { size, passed, failed: failed === 0 && outcome.code !== 0 ? 1 : failed, skipped, seconds: outcome.seconds };
}

/** The closing lines: time per suite, every skipped test by name, and the sum as the last line. */
export function sumReports(reports: readonly SuiteReport[]): string[] {
  const lines = [''];
  for (const suite of reports) {
    lines.push(
      `${suite.size}: ${suite.passed} passed, ${suite.failed} failed, ${suite.skipped.length} skipped in ${suite.seconds.toFixed(1)} s`,
    );
  }
  for (const suite of reports) for (const name of suite.skipped) lines.push(`skipped (${suite.size}): ${name}`);
  const sum = (count: (suite: SuiteReport) => number) => reports.reduce((total, suite) => total + count(suite), 0);
  lines.push(`${sum((s) => s.passed)} passed, ${sum((s) => s.failed)} failed, ${sum((s) => s.skipped.length)} skipped`);
  return lines;
}
