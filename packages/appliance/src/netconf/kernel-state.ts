import type { LinkMode } from './network-settings.ts';

/** Where a port lives: the namespace that scans, or the one of management under split network. */
export type SpaceName = 'scan' | 'management';

/** A route of ours. Others (of the kernel itself, of router advertisements) are neither made nor removed here. */
export interface Route {
  /** `default` or a prefix. */
  readonly destination: string;
  readonly family: 4 | 6;
  /** Null: on the link itself. */
  readonly gateway: string | null;
  readonly device: string;
  readonly table: 'main' | typeof managementTable;
}

/** Routing rule for one user's traffic; `unreachable` stops what the table before did not route. */
export interface Rule {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly uid: number;
  readonly action: typeof managementTable | 'unreachable';
}

/** Routing table of the daemon's own traffic under the standard configuration: what the platform sets can't divert it. */
export const managementTable = 200;
/** Priorities of our rules. */
export const rulePriority = { table: 1000, unreachable: 1001 } as const;
/** The mark of our routes (rtm_protocol): the range above 192 is free for programs of the machine's owner. */
export const routeProtocol = 201;

/** What one interface shall be. */
export interface DevicePlan {
  readonly device: string;
  readonly up: boolean;
  /** Null: a port; otherwise a VLAN interface of ours. */
  readonly vlan: { readonly id: number; readonly parent: string } | null;
  /** `10.0.0.7/24`. All IPv4 addresses of the interface and all fixed IPv6 ones. */
  readonly addresses: readonly string[];
  /** `off`: no IPv6 at all, not even link-local. `automatic`: the kernel takes prefixes of router advertisements. */
  readonly ipv6: 'off' | 'static' | 'automatic';
  /** Null where there is no link to set: VLAN interfaces and unused ports. */
  readonly mode: LinkMode | null;
}

/** What one namespace shall be. */
export interface SpacePlan {
  readonly devices: readonly DevicePlan[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  /** Path below /proc/sys and value. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** nftables ruleset of our table, without the table's frame. */
  readonly firewall: string;
}

export interface ObservedAddress {
  readonly cidr: string;
  readonly family: 4 | 6;
  readonly scope: string;
  /** Came from a router advertisement. */
  readonly dynamic: boolean;
  /** Duplicate address detection is under way, or found another owner. */
  readonly tentative: boolean;
  readonly duplicate: boolean;
}

/** What one interface is. */
export interface ObservedDevice {
  readonly device: string;
  readonly mac: string | null;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly vlan: { readonly id: number; readonly parent: string } | null;
  readonly addresses: readonly ObservedAddress[];
}

/** What one namespace is. Null in place of it: there is no such namespace. */
export interface ObservedSpace {
  readonly devices: readonly ObservedDevice[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  /** Values of the paths that were asked for; an interface that is not there has none. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** Fingerprint of our table, null without one. */
  readonly firewall: string | null;
}

export interface Observed {
  readonly scan: ObservedSpace;
  readonly management: ObservedSpace | null;
}
