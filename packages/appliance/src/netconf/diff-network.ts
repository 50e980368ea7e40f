import { createHash } from 'node:crypto';
import type {
  DevicePlan,
  Observed,
  ObservedDevice,
  ObservedSpace,
  Route,
  Rule,
  SpaceName,
  SpacePlan,
} from './kernel-state.ts';
import type { NetworkPlan } from './network-plan.ts';
import type { NetworkStep } from './network-step.ts';
import { familyOf } from './prefix.ts';

/**
 * What has to be done so that the kernel is what the plan says, in order; nothing when it is. Pure.
 *
 * Taking away goes before adding, except for the firewall: it is in force before an interface comes up, in a new namespace before the port
 * gets there. Link modes are not compared here: what is in effect can't be read on every driver.
 */
export function diffNetwork(plan: NetworkPlan, observed: Observed, wan: string | null): NetworkStep[] {
  const steps: NetworkStep[] = [];
  const { management } = plan.spaces;
  const wanIsAway = wan !== null && observed.management?.devices.some(({ device }) => device === wan) === true;
  const wanIsHere = wan !== null && observed.scan.devices.some(({ device }) => device === wan);
  if (management === null) {
    if (wanIsAway) steps.push({ kind: 'move-port', device: wan, to: 'scan' });
    if (observed.management !== null) steps.push({ kind: 'remove-management' });
  } else {
    if (observed.management === null) steps.push({ kind: 'make-management' });
    steps.push(...firewallStep('management', management, observed.management ?? emptySpace));
    if (wanIsHere) steps.push({ kind: 'move-port', device: wan, to: 'management' });
  }
  steps.push(...diffSpace('scan', plan.spaces.scan, withoutDevice(observed.scan, management === null ? null : wan)));
  if (management !== null)
    steps.push(
      ...diffSpace('management', management, observed.management ?? emptySpace).filter(
        ({ kind }) => kind !== 'firewall',
      ),
    );
  const isThere = wan === null || wanIsAway || wanIsHere;
  return isThere ? steps : steps.filter((step) => !isOn(step, wan));
}

/** Whether a step is about an interface: none can be done while its network card is missing. */
function isOn(step: NetworkStep, device: string): boolean {
  switch (step.kind) {
    case 'sysctl':
      return step.path.split('/').includes(device);
    case 'add-route':
    case 'remove-route':
      return step.route.device === device;
    default:
      return 'device' in step && step.device === device;
  }
}

const emptySpace: ObservedSpace = { devices: [], routes: [], rules: [], sysctls: new Map(), firewall: null };

function withoutDevice(space: ObservedSpace, device: string | null): ObservedSpace {
  return { ...space, devices: space.devices.filter((each) => each.device !== device) };
}

function diffSpace(space: SpaceName, plan: SpacePlan, observed: ObservedSpace): NetworkStep[] {
  const devices = new Map(observed.devices.map((each) => [each.device, each]));
  const routes = compare(plan.routes, observed.routes, routeKey);
  const rules = compare(plan.rules, observed.rules, ruleKey);
  const planned = new Set(plan.devices.map(({ device }) => device));
  const strayVlans = observed.devices.filter(
    ({ device, vlan }) => vlan !== null && /^vlan\d+$/.test(device) && !planned.has(device),
  );
  const newVlans = plan.devices.filter(
    ({ device, vlan }) => vlan !== null && !sameVlan(vlan, devices.get(device)?.vlan),
  );
  const changedVlans = newVlans.filter(({ device }) => devices.has(device));
  const known = (device: string) =>
    changedVlans.some((each) => each.device === device) ? undefined : devices.get(device);
  return [
    ...firewallStep(space, plan, observed),
    ...rules.remove.map((rule): NetworkStep => ({ kind: 'remove-rule', space, rule })),
    ...routes.remove.map((route): NetworkStep => ({ kind: 'remove-route', space, route })),
    ...[...strayVlans, ...changedVlans].map(({ device }): NetworkStep => ({ kind: 'remove-vlan', space, device })),
    ...plan.devices.flatMap((device) => removedAddresses(space, device, known(device.device))),
    ...newVlans.flatMap(({ device, vlan }): NetworkStep[] =>
      vlan === null ? [] : [{ kind: 'add-vlan', space, device, parent: vlan.parent, id: vlan.id }],
    ),
    ...[...plan.sysctls].flatMap(([path, value]): NetworkStep[] =>
      observed.sysctls.get(path) === value ? [] : [{ kind: 'sysctl', space, path, value }],
    ),
    ...links(space, plan.devices, devices),
    ...plan.devices.flatMap((device) => addedAddresses(space, device, known(device.device))),
    ...routes.add.map((route): NetworkStep => ({ kind: 'add-route', space, route })),
    ...rules.add.map((rule): NetworkStep => ({ kind: 'add-rule', space, rule })),
  ];
}

/** Ports before the VLANs on them; the loopback of a namespace is part of it. */
function links(
  space: SpaceName,
  plan: readonly DevicePlan[],
  devices: ReadonlyMap<string, ObservedDevice>,
): NetworkStep[] {
  const wanted = [{ device: 'lo', up: true }, ...plan];
  return wanted.flatMap(({ device, up }): NetworkStep[] =>
    (devices.get(device)?.up ?? false) === up ? [] : [{ kind: 'link', space, device, up }],
  );
}

function removedAddresses(space: SpaceName, plan: DevicePlan, seen: ObservedDevice | undefined): NetworkStep[] {
  const wanted = new Set(plan.addresses);
  return (seen?.addresses ?? [])
    .filter(({ cidr, family, scope, dynamic }) => {
      if (wanted.has(cidr) || scope === 'host') return false;
      // Link-local and advertised addresses are the kernel's; it takes them away with the setting that allows them.
      return family === 4 || (plan.ipv6 !== 'off' && scope !== 'link' && !(dynamic && plan.ipv6 === 'automatic'));
    })
    .map(({ cidr }) => ({ kind: 'remove-address', space, device: plan.device, address: cidr }));
}

function addedAddresses(space: SpaceName, plan: DevicePlan, seen: ObservedDevice | undefined): NetworkStep[] {
  const there = new Set(seen?.addresses.map(({ cidr }) => cidr));
  return plan.addresses
    .filter((address) => !there.has(address) && (plan.ipv6 !== 'off' || familyOf(address) === 4))
    .map((address) => ({ kind: 'add-address', space, device: plan.device, address }));
}

function firewallStep(space: SpaceName, plan: SpacePlan, observed: ObservedSpace): NetworkStep[] {
  if (observed.firewall === firewallFingerprint(plan.firewall)) return [];
  return [{ kind: 'firewall', space, ruleset: plan.firewall }];
}

/** Names a ruleset inside the kernel, so that it can be told whether it is the loaded one. */
export function firewallFingerprint(ruleset: string): string {
  return createHash('sha256').update(ruleset).digest('hex').slice(0, 16);
}

function compare<T>(wanted: readonly T[], there: readonly T[], key: (item: T) => string) {
  const wantedKeys = new Set(wanted.map(key));
  const thereKeys = new Set(there.map(key));
  return {
    add: wanted.filter((item) => !thereKeys.has(key(item))),
    remove: there.filter((item) => !wantedKeys.has(key(item))),
  };
}

function routeKey({ destination, family, gateway, device, table }: Route): string {
  return `${table} ${family} ${destination} ${gateway} ${device}`;
}

function ruleKey({ family, priority, uid, action }: Rule): string {
  return `${family} ${priority} ${uid} ${action}`;
}

function sameVlan(a: DevicePlan['vlan'], b: DevicePlan['vlan'] | undefined): boolean {
  return a !== null && b !== undefined && b !== null && a.id === b.id && a.parent === b.parent;
}
