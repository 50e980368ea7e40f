import { routeProtocol } from './kernel-state.ts';
import type { IpStep } from './network-step.ts';
import { familyOf } from './prefix.ts';

/**
 * The group (rtnetlink's IFLA_GROUP) that VLAN interfaces are put into to be taken away together. The kernel waits once for a group, and for each interface that is
 * taken away by itself: thousands would take minutes.
 */
const goingGroup = 4_094_201;

/** A line of `ip -batch` and the step that it belongs to. */
export interface BatchLine {
  readonly line: string;
  readonly step: IpStep;
}

/** Steps as lines of `ip -batch`, in their order; VLAN interfaces that go one after the other go together. Pure. */
export function batchLines(steps: readonly IpStep[]): BatchLine[] {
  return steps.flatMap((step, at): BatchLine[] => {
    const [before, after] = [steps[at - 1], steps[at + 1]];
    const together = step.kind === 'remove-vlan' && (before?.kind === step.kind || after?.kind === step.kind);
    if (!together) return [{ line: ipLine(step), step }];
    const marked = { line: `link set ${step.device} group ${goingGroup}`, step };
    return after?.kind === 'remove-vlan' ? [marked] : [marked, { line: `link delete group ${goingGroup}`, step }];
  });
}

/** One step as a line of `ip -batch` (ip(8)); every word of it comes from a checked document. Pure. */
export function ipLine(step: IpStep): string {
  switch (step.kind) {
    case 'add-vlan':
      return `link add link ${step.parent} name ${step.device} type vlan id ${step.id}`;
    case 'remove-vlan':
      return `link delete ${step.device}`;
    case 'link':
      return `link set ${step.device} ${step.up ? 'up' : 'down'}`;
    case 'add-address':
      return `address add ${step.address} dev ${step.device}${step.address.includes(':') ? '' : ' broadcast +'}`;
    case 'remove-address':
      return `address delete ${step.address} dev ${step.device}`;
    case 'add-route':
    case 'remove-route': {
      const { destination, gateway, device, table } = step.route;
      const via = gateway === null ? '' : ` via ${gateway}`;
      const verb = step.kind === 'add-route' ? 'add' : 'delete';
      return `route ${verb} ${destination}${via} dev ${device} table ${table} protocol ${routeProtocol}`;
    }
    case 'add-rule':
    case 'remove-rule': {
      const { priority, uid, action } = step.rule;
      const what = action === 'unreachable' ? 'unreachable' : `lookup ${action}`;
      return `rule ${step.kind === 'add-rule' ? 'add' : 'delete'} priority ${priority} uidrange ${uid}-${uid} ${what}`;
    }
  }
}

/** The family that a batch must be run for, where a line does not say it. */
export function batchFamily(step: IpStep): 4 | 6 {
  switch (step.kind) {
    case 'add-route':
    case 'remove-route':
      return step.route.family;
    case 'add-rule':
    case 'remove-rule':
      return step.rule.family;
    case 'add-address':
    case 'remove-address':
      return familyOf(step.address);
    default:
      return 4;
  }
}

/** What `ip -force -batch` said of each line that failed, by its number from 1. */
export function batchFailures(stderr: string): Map<number, string> {
  const failures = new Map<number, string>();
  let said: string[] = [];
  for (const line of stderr.split('\n')) {
    const failed = /^Command failed -:(\d+)$/.exec(line.trim());
    if (failed === null) {
      if (line.trim() !== '') said.push(line.trim());
      continue;
    }
    failures.set(Number(failed[1]), said.join(' ') || 'the kernel refused it');
    said = [];
  }
  return failures;
}
