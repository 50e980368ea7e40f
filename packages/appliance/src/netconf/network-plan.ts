import type { SpacePlan } from './kernel-state.ts';
import type { SettingsProblem } from './settings-problems.ts';

/** A program that asks the network for something; its key is also that of what it learned. */
export interface ClientPlan {
  /** `lan`, `wan`, `vlan5`. */
  readonly key: string;
  /** `dhcp4`: a lease. `ra`: what router advertisements say beyond the kernel's part. `dhcp6`, `dhcp6-facts`: where they ask for it. */
  readonly kind: 'dhcp4' | 'ra' | 'dhcp6' | 'dhcp6-facts';
  readonly space: 'scan' | 'management';
  readonly device: string;
}

/** Content of a resolv.conf, in the order in which servers are asked. */
export interface ResolverPlan {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

/** What the kernel, and the programs beside it, shall be. Pure data; two equal plans are deeply equal. */
export interface NetworkPlan {
  /** Split network: management has a namespace of its own. */
  readonly split: boolean;
  readonly spaces: { readonly scan: SpacePlan; readonly management: SpacePlan | null };
  /** For whoever scans, and for whoever talks to the platform; without a search list for the latter. */
  readonly resolvers: { readonly scan: ResolverPlan; readonly management: ResolverPlan };
  readonly clients: readonly ClientPlan[];
  /** WINS servers for the engine: typed in, or of DHCP's option 44. */
  readonly wins: readonly string[];
  readonly problems: readonly SettingsProblem[];
  /** The interface of LAN's own network (the port, or its default VLAN) and of WAN, and what each got. */
  readonly ports: { readonly lan: PortPlan; readonly wan: PortPlan | null };
}

/** One port's own network as planned. */
export interface PortPlan {
  readonly device: string;
  readonly method: 'dhcp' | 'static';
  /** Family of its own network. */
  readonly family: 4 | 6;
  readonly gateway: string | null;
  readonly dns: readonly string[];
}
