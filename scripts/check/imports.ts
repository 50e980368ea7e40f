import { join } from 'node:path';
import { z } from 'zod';
import { runStep } from '../run-step.ts';

const cruise = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string(), severity: z.string() }) }),
    ),
  }),
});

/** Violations of the import directions below `folders`. A run that saw hardly any module is a fault too: it proves nothing. */
export async function importFaults(root: string, folders: readonly string[] = ['packages']): Promise<string[]> {
  const args = [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    join(root, '.dependency-cruiser.cjs'),
  ];
  const done = await runStep(process.execPath, [...args, '--output-type', 'json', ...folders], {
    cwd: root,
    capture: true,
  });
  if (!done.stdout.startsWith('{')) return [`dependency-cruiser gave no report: ${done.output.slice(0, 500)}`];
  const { summary } = cruise.parse(JSON.parse(done.stdout));
  if (summary.totalCruised < 2)
    return [`dependency-cruiser saw ${summary.totalCruised} modules: its parser is missing.`];
  return summary.violations.map((each) => `${each.from} -> ${each.to}: ${each.rule.name}`);
}
