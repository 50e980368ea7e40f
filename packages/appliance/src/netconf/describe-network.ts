import type { LinkState } from './adapters/link-mode.ts';
import type { ClientState } from './clients.ts';
import type { Observed, ObservedDevice, SpaceName } from './kernel-state.ts';
import type { Learned } from './learned.ts';
import type { NetworkDocument } from './network-document.ts';
import type { NetworkFacts, PortFacts } from './network-facts.ts';
import type { NetworkPlan, PortPlan } from './network-plan.ts';
import type { SettingsProblem } from './settings-problems.ts';
import { vlanTrouble } from './vlan-trouble.ts';

export interface NetworkView {
  readonly at: string;
  readonly document: NetworkDocument;
  readonly plan: NetworkPlan;
  readonly observed: Observed;
  readonly learned: Learned;
  readonly ports: { readonly lan: string; readonly wan: string | null };
  readonly links: ReadonlyMap<string, LinkState>;
  /** Link modes that a driver refused, by interface. */
  readonly refusedModes: ReadonlyMap<string, string>;
  readonly clientState: (key: string) => ClientState | null;
  readonly failures: readonly string[];
}

/** The network as it is, in the words of the facts document. Pure. */
export function describeNetwork(view: NetworkView): NetworkFacts {
  const { plan, document, ports } = view;
  return {
    at: view.at,
    split: plan.split,
    lan: portFacts(view, 'lan', ports.lan, plan.ports.lan, 'scan'),
    wan: plan.ports.wan === null ? null : portFacts(view, 'wan', plan.ports.wan.device, plan.ports.wan, 'management'),
    scan: {
      resolvers: [...plan.resolvers.scan.servers],
      search: [...plan.resolvers.scan.search],
      wins: [...plan.wins],
    },
    scanNetwork: {
      generation: document.scanNetwork.generation,
      unconfirmed: document.pending !== null,
      refusedGeneration: document.refusedGeneration,
      vlans: document.scanNetwork.vlans.length,
      routes: document.scanNetwork.routes.length,
      trouble: vlanTrouble(document.scanNetwork, view.observed.scan, view.clientState),
    },
    failures: [...view.failures, ...takenForScanning(view)].slice(0, 50),
  };
}

function portFacts(view: NetworkView, name: 'lan' | 'wan', wire: string, plan: PortPlan, space: SpaceName): PortFacts {
  const devices = view.observed[space]?.devices ?? [];
  const port = devices.find(({ device }) => device === wire);
  const carrying = devices.find(({ device }) => device === plan.device);
  const link = view.links.get(wire);
  const lease = view.learned.leases.get(name);
  const lease6 = view.learned.leases6.get(name);
  const given =
    plan.family === 4
      ? lease && { server: lease.server, seconds: lease.seconds, obtainedAt: lease.obtainedAt }
      : lease6 && { server: null, seconds: lease6.seconds, obtainedAt: lease6.obtainedAt };
  return {
    device: wire,
    mac: port?.mac ?? null,
    up: port?.up ?? false,
    carrier: port?.carrier ?? false,
    speed: port?.carrier === true ? (link?.speed ?? null) : null,
    duplex: port?.carrier === true ? (link?.duplex ?? null) : null,
    method: plan.method,
    family: plan.family,
    addresses: usableAddresses(carrying),
    gateway: plan.gateway,
    dns: [...plan.dns],
    lease: given ?? null,
    trouble: trouble(view, name, wire, plan, carrying),
  };
}

function usableAddresses(device: ObservedDevice | undefined): string[] {
  return (device?.addresses ?? [])
    .filter(({ scope, tentative, duplicate }) => scope === 'global' && !tentative && !duplicate)
    .map(({ cidr }) => cidr);
}

/** LAN's IPv6 address for scanning is none of LAN's own network: management works without it. */
function takenForScanning({ observed, plan }: NetworkView): string[] {
  const { device, family } = plan.ports.lan;
  const addresses = observed.scan.devices.find((each) => each.device === device)?.addresses ?? [];
  return addresses
    .filter((each) => each.duplicate && each.family !== family)
    .map(({ cidr }) => `IPv6 for scanning: another machine on the network has the address ${cidr}`);
}

function trouble(
  view: NetworkView,
  name: 'lan' | 'wan',
  wire: string,
  plan: PortPlan,
  device: ObservedDevice | undefined,
): PortFacts['trouble'] {
  const problems = view.plan.problems.filter(({ port }) => port === name).map(fromProblem);
  const duplicates = (device?.addresses ?? [])
    .filter(({ duplicate, family }) => duplicate && family === plan.family)
    .map(({ cidr }) => entry('address-in-use', `another machine on the network has the address ${cidr}`, true));
  const client = plan.method === 'dhcp' ? view.clientState(name) : null;
  const asked =
    client?.state === 'no-answer'
      ? [entry('no-dhcp-server', `no DHCP server answered on ${plan.device}`)]
      : client?.state === 'refused'
        ? [entry('dhcp-refused', client.message)]
        : [];
  const mode = view.refusedModes.get(wire);
  const forced = view.document.settings.links[name];
  const link = view.links.get(wire);
  const differs =
    forced !== 'auto' &&
    mode === undefined &&
    link !== undefined &&
    link.speed !== null &&
    `${link.speed}-${link.duplex}` !== forced;
  return [
    ...problems,
    ...duplicates,
    ...asked,
    ...(mode === undefined ? [] : [entry('link-mode-refused', `${wire}: ${mode}`)]),
    ...(differs
      ? [
          entry(
            'link-mode-differs',
            `${wire} is at ${link.speed}-${link.duplex}, not at ${forced}: does the other end have the same mode?`,
          ),
        ]
      : []),
  ];
}

function fromProblem({ code, loopback, message, hint }: SettingsProblem): PortFacts['trouble'][number] {
  return { code, invalidConfiguration: true, loopback, message: `${message} ${hint}` };
}

function entry(code: string, message: string, invalidConfiguration = false): PortFacts['trouble'][number] {
  return { code, invalidConfiguration, loopback: false, message };
}
