import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { floor } from './floor.ts';
import { runSuite } from './run-suite.ts';
import { caseText, passed, totalsText } from './suite-text.ts';

/** The public suite beside the repository; a plain clone has none. */
const folder = fileURLToPath(new URL('../../../shared/feeds/nuclei-conformance', import.meta.url));

test.runIf(existsSync(folder))('plays the public conformance suite and passes at least as much as before', async () => {
  const report = await runSuite(folder);
  process.stdout.write(`${report.cases.map(caseText).join('')}${totalsText(report)}`);
  expect(report.cases).toHaveLength(89);
  expect(passed(report.cases)).toBeGreaterThanOrEqual(floor.cases);
  expect(report.dsl.right).toBeGreaterThanOrEqual(floor.expressions);
});
