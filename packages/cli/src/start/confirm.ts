import { createInterface } from 'node:readline/promises';
import type { Plan } from '@picket/plan/plan';
import { buildPlan, namesToResolve } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import { formatRange } from '@picket/base/ip';
import { planText } from '../scan/plan-text.ts';
import { resolveNames } from '../scan/resolve-names.ts';
import type { Output } from '../terminal/output.ts';

/** The plan for `--targets`, with the faults printed; null when it can't be run from here. */
export async function planTargets(targets: string, output: Output): Promise<Plan | null> {
  const wanted = { targets, exclude: '' };
  const plan = buildPlan({
    ...wanted,
    kind: 'scan',
    ports: 'top1000',
    profile: profiles.normal,
    assumeAlive: false,
    services: true,
    checks: true,
    resolved: await resolveNames(namesToResolve(wanted)),
  });
  if (!plan.ok) {
    for (const fault of plan.error) output.err(`--targets: ${fault.message}\n`);
    return null;
  }
  if (plan.value.publicRanges.length > 0) {
    output.err(
      `--targets: ${formatRange(plan.value.publicRanges[0] as (typeof plan.value.publicRanges)[number])} is on the public Internet. Register it in the web interface (Settings, Networks), where a Manager records who permits it, and scan it from there.\n`,
    );
    return null;
  }
  return plan.value;
}

/** Shows what would be sent and asks. Without a terminal only `--yes` counts as a yes. */
export async function confirmPlan(plan: Plan, yes: boolean, output: Output): Promise<boolean> {
  output.err(planText(plan));
  if (yes) return true;
  if (!process.stdin.isTTY) {
    output.err('Nobody can answer here: nothing was scanned. Give --yes to scan without the question.\n');
    return false;
  }
  const question = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await question.question('Are you entitled to scan these, and shall it start? [y/N] ');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    question.close();
  }
}
