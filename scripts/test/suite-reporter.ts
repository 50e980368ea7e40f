import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { SuiteFacts } from './suite-report.ts';

/**
 * A reporter of vitest: leaves what came of every file in the file that `SUITE_REPORT_FILE` names. Beside vitest's own JSON it tells
 * how long a file took with its hooks, and of a process that died.
 */
export default class SuiteReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const path = process.env.SUITE_REPORT_FILE;
    if (path === undefined) return;
    const facts: SuiteFacts = {
      files: modules.map((module) => ({
        name: module.relativeModuleId,
        failed: module.state() !== 'passed' && module.state() !== 'skipped',
        seconds: module.diagnostic().duration / 1000,
        tests: [...module.children.allTests()].map((test) => ({ name: test.fullName, state: test.result().state })),
      })),
      errors: errors.map(({ message }) => message),
    };
    writeFileSync(path, JSON.stringify(facts));
  }
}
