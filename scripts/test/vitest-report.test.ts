import { describe, expect, it } from 'vitest';
import { readReport, sumReports } from './vitest-report.ts';

describe('test report', () => {
  it('counts a suite that left no report as a failure', () => {
    const suite = readReport('small', '/nonexistent/report.json', { code: 0, seconds: 1, output: '', stdout: '' });
    expect(suite.failed).toBe(1);
  });

  it('names every skipped test and ends with the sum on a line of its own', () => {
    const lines = sumReports([
      { size: 'small', passed: 3, failed: 0, skipped: [], seconds: 1 },
      { size: 'large', passed: 1, failed: 1, skipped: ['a scan in namespaces'], seconds: 2 },
    ]);
    expect(lines).toContain('skipped (large): a scan in namespaces');
    expect(lines.at(-1)).toBe('4 passed, 1 failed, 1 skipped');
  });
});
