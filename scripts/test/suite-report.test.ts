import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReport, type SuiteFacts, sumReports } from './suite-report.ts';

const outcome = { code: 0, seconds: 1, output: '', stdout: '' };

function read(facts: SuiteFacts, code = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'picket-report-'));
  const path = join(folder, 'medium.json');
  writeFileSync(path, JSON.stringify(facts));
  try {
    return readReport('medium', path, { ...outcome, code });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('test report', () => {
  it('counts a suite that left no report as a failure', () => {
    expect(readReport('small', '/nonexistent/report.json', outcome).failed).toEqual(['no report was left']);
  });

  it('names what failed: a test, a file outside its tests, a process that died', () => {
    const passed = { name: 'works', state: 'passed' } as const;
    const facts: SuiteFacts = {
      files: [
        { name: 'a.test.ts', failed: true, seconds: 2, tests: [passed, { name: 'breaks', state: 'failed' }] },
        { name: 'b.test.ts', failed: true, seconds: 30, tests: [passed, { name: 'was cut off', state: 'pending' }] },
      ],
      errors: ['Worker exited unexpectedly'],
    };
    const report = read(facts, 1);
    expect(report).toMatchObject({ passed: 2, skipped: ['b.test.ts: was cut off'] });
    expect(report.failed).toEqual(['a.test.ts: breaks', 'b.test.ts: outside its tests', 'Worker exited unexpectedly']);
    expect(report.files.map(({ name }) => name)).toEqual(['b.test.ts', 'a.test.ts']);
  });

  it('fails when the run ended badly and nothing says why', () => {
    expect(read({ files: [], errors: [] }, 1).failed).toEqual(['ended with exit code 1']);
  });

  it('names long files, what was skipped and what failed, and ends with the sum on a line of its own', () => {
    const files = [{ name: 'scan.large.test.ts', seconds: 61 }];
    const lines = sumReports([
      { size: 'small', passed: 3, failed: [], skipped: [], seconds: 1, files: [] },
      { size: 'large', passed: 1, failed: ['a map'], skipped: ['a scan'], seconds: 62, files },
    ]);
    expect(lines).toContain('large: 1 passed, 1 failed, 1 skipped in 62.0 s');
    expect(lines.slice(-4)).toEqual([
      'long (large): 61 s scan.large.test.ts',
      'skipped (large): a scan',
      'failed (large): a map',
      '4 passed, 1 failed, 1 skipped',
    ]);
  });
});
