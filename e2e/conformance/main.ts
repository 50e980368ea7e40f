import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { floor } from './floor.ts';
import { runSuite } from './run-suite.ts';
import { caseText, passed, totalsText } from './suite-text.ts';

const usage = `npm run conformance [-- OPTIONS]

Plays the public conformance suite of the template format: starts the servers that each case describes, on the loopback address, runs its
template through the scope gate and compares the number of results. Prints case, expected, got and verdict, then totals.

  --suite DIR   folder with cases.json and the templates (default: ../shared/feeds/nuclei-conformance beside the repository)
  --only TEXT   only cases whose template has this in its path; the floor is not looked at then
  --json        one JSON document instead of the table

Exit code: 0 at least as many pass as the committed floor (${floor.cases} cases, ${floor.expressions} expressions), 1 fewer, 2 the command was not
understood or the suite is not there.
`;

/** Where the suite lies in a checkout that has the feeds beside it. */
const beside = fileURLToPath(new URL('../../../shared/feeds/nuclei-conformance', import.meta.url));

// Whoever reads may stop reading.
process.stdout.on('error', () => {});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const folder = values.suite ?? beside;
  if (!existsSync(`${folder}/cases.json`)) {
    process.stderr.write(
      `conformance: there is no cases.json in ${folder}. Name the folder of the suite with --suite.\n`,
    );
    return 2;
  }
  const report = await runSuite(folder, {
    only: values.only ?? '',
    tell: (played) => void (values.json || process.stdout.write(caseText(played))),
  });
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : totalsText(report));
  if (values.only !== undefined) return 0;
  return passed(report.cases) >= floor.cases && report.dsl.right >= floor.expressions ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n${usage}`);
  return 2;
});
