import type { Route, Rule, SpaceName } from './kernel-state.ts';
import type { LinkMode } from './network-settings.ts';

/** One change of the kernel's network. Steps are applied in their order; each alone leaves a state that the next comparison understands. */
export type NetworkStep =
  | { readonly kind: 'make-management' }
  | { readonly kind: 'remove-management' }
  | { readonly kind: 'move-port'; readonly device: string; readonly to: SpaceName }
  | { readonly kind: 'firewall'; readonly space: SpaceName; readonly ruleset: string }
  | { readonly kind: 'sysctl'; readonly space: SpaceName; readonly path: string; readonly value: string }
  | { readonly kind: 'link-mode'; readonly space: SpaceName; readonly device: string; readonly mode: LinkMode }
  | IpStep;

/** A step that is one line of an `ip` batch. */
export type IpStep =
  | {
      readonly kind: 'add-vlan';
      readonly space: SpaceName;
      readonly device: string;
      readonly parent: string;
      readonly id: number;
    }
  | { readonly kind: 'remove-vlan'; readonly space: SpaceName; readonly device: string }
  | { readonly kind: 'link'; readonly space: SpaceName; readonly device: string; readonly up: boolean }
  | {
      readonly kind: 'add-address' | 'remove-address';
      readonly space: SpaceName;
      readonly device: string;
      readonly address: string;
    }
  | { readonly kind: 'add-route' | 'remove-route'; readonly space: SpaceName; readonly route: Route }
  | { readonly kind: 'add-rule' | 'remove-rule'; readonly space: SpaceName; readonly rule: Rule };

/** Something that could not be applied, in words for people. */
export interface StepFailure {
  readonly step: NetworkStep;
  readonly message: string;
}

/** A step in words, for logs and status. */
export function describeStep(step: NetworkStep): string {
  switch (step.kind) {
    case 'make-management':
      return 'make the management namespace';
    case 'remove-management':
      return 'remove the management namespace';
    case 'move-port':
      return `move ${step.device} to ${step.to}`;
    case 'firewall':
      return `load the firewall of ${step.space}`;
    case 'sysctl':
      return `set ${step.path} to ${step.value}`;
    case 'link-mode':
      return `set ${step.device} to ${step.mode}`;
    case 'add-vlan':
      return `add VLAN ${step.id} on ${step.parent}`;
    case 'remove-vlan':
      return `remove ${step.device}`;
    case 'link':
      return `set ${step.device} ${step.up ? 'up' : 'down'}`;
    case 'add-address':
    case 'remove-address':
      return `${step.kind === 'add-address' ? 'add' : 'remove'} ${step.address} on ${step.device}`;
    case 'add-route':
    case 'remove-route':
      return `${step.kind === 'add-route' ? 'add' : 'remove'} the route to ${step.route.destination} by ${step.route.gateway ?? 'the link'} on ${step.route.device}`;
    case 'add-rule':
    case 'remove-rule':
      return `${step.kind === 'add-rule' ? 'add' : 'remove'} the rule ${step.rule.priority} for user ${step.rule.uid}`;
  }
}
