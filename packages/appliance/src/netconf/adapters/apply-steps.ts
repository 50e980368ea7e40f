import { batchFailures, batchFamily, batchLines } from '../ip-lines.ts';
import type { SpaceName } from '../kernel-state.ts';
import type { IpStep, NetworkStep, StepFailure } from '../network-step.ts';
import { loadFirewall } from './firewall.ts';
import { ipIn, type Spaces } from './spaces.ts';
import { writeSysctls } from './sysctl.ts';
import type { RunTool } from './tool.ts';

/** Steps that are given to `ip` at once: little is gained by more, and between two such batches there is something to tell. */
const mostBatched = 250;

/**
 * Applies steps in their order, neighbours of one kind together. One that fails does not keep the others from being tried. `onDone` hears how many are done,
 * again and again.
 */
export async function applySteps(
  run: RunTool,
  spaces: Spaces,
  steps: readonly NetworkStep[],
  onDone: (steps: number) => void = () => {},
): Promise<StepFailure[]> {
  const failures: StepFailure[] = [];
  let done = 0;
  for (const group of groups(steps)) {
    failures.push(...(await applyGroup(run, spaces, group)));
    done += group.kind === 'single' ? 1 : group.steps.length;
    onDone(done);
  }
  return failures;
}

type Sysctl = Extract<NetworkStep, { kind: 'sysctl' }>;
type Single = Exclude<NetworkStep, IpStep | Sysctl | { kind: 'link-mode' }>;
type Group =
  | { readonly kind: 'ip'; readonly space: SpaceName; readonly family: 4 | 6; readonly steps: IpStep[] }
  | { readonly kind: 'sysctl'; readonly space: SpaceName; readonly steps: Sysctl[] }
  | { readonly kind: 'single'; readonly step: Single };

function groups(steps: readonly NetworkStep[]): Group[] {
  const made: Group[] = [];
  for (const step of steps) {
    const last = made.at(-1);
    switch (step.kind) {
      case 'make-management':
      case 'remove-management':
      case 'move-port':
      case 'firewall':
        made.push({ kind: 'single', step });
        break;
      case 'link-mode':
        break;
      case 'sysctl':
        if (last?.kind === 'sysctl' && last.space === step.space) last.steps.push(step);
        else made.push({ kind: 'sysctl', space: step.space, steps: [step] });
        break;
      default: {
        const family = batchFamily(step);
        const fits = last?.kind === 'ip' && last.space === step.space && last.family === family;
        if (fits && last.steps.length < mostBatched) last.steps.push(step);
        else made.push({ kind: 'ip', space: step.space, family, steps: [step] });
      }
    }
  }
  return made;
}

async function applyGroup(run: RunTool, spaces: Spaces, group: Group): Promise<StepFailure[]> {
  switch (group.kind) {
    case 'single': {
      const message = await applySingle(run, spaces, group.step);
      return message === null ? [] : [{ step: group.step, message }];
    }
    case 'sysctl': {
      const message = await writeSysctls(run, spaces, group.space, group.steps);
      const [step] = group.steps;
      return message === null || step === undefined ? [] : [{ step, message }];
    }
    case 'ip':
      return applyBatch(run, spaces, group);
  }
}

async function applySingle(run: RunTool, spaces: Spaces, step: Single): Promise<string | null> {
  switch (step.kind) {
    case 'firewall':
      return loadFirewall(run, spaces, step.space, step.ruleset);
    case 'make-management':
      return failureOf(await run(['ip', 'netns', 'add', spaces.management]));
    case 'remove-management':
      return failureOf(await run(['ip', 'netns', 'delete', spaces.management]));
    case 'move-port': {
      const from = step.to === 'scan' ? 'management' : 'scan';
      const target = spaces[step.to] ?? String(process.pid);
      return failureOf(await run([...ipIn(spaces, from), 'link', 'set', step.device, 'netns', target]));
    }
  }
}

async function applyBatch(run: RunTool, spaces: Spaces, group: Extract<Group, { kind: 'ip' }>): Promise<StepFailure[]> {
  const lines = batchLines(group.steps);
  const text = lines.map(({ line }) => `${line}\n`).join('');
  const done = await run([...ipIn(spaces, group.space), `-${group.family}`, '-force', '-batch', '-'], text);
  if (done.code === 0) return [];
  const failed = batchFailures(done.stderr);
  const failures = [...failed].flatMap(([line, message]) => {
    const step = lines[line - 1]?.step;
    return step === undefined ? [] : [{ step, message: inWords(step, message) }];
  });
  const [first] = group.steps;
  if (failures.length > 0 || first === undefined) return failures;
  return [{ step: first, message: done.stderr.trim() || 'ip did not end' }];
}

/** The kernel's own words for what it lacks are easily misread. */
function inWords(step: IpStep, message: string): string {
  const lacksVlans = step.kind === 'add-vlan' && /unknown device type|not supported/i.test(message);
  return lacksVlans ? `this kernel has no VLAN interfaces; load or build its module 8021q (${message})` : message;
}

function failureOf({ code, stderr }: { readonly code: number | null; readonly stderr: string }): string | null {
  return code === 0 ? null : stderr.trim() || 'it did not end';
}
