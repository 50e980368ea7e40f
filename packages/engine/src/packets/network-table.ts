/** What the kernel knows of links, addresses, routes and neighbours; read when asked, never changed by us. */

export interface LinkInfo {
  readonly index: number;
  readonly name: string;
  /** IFF_UP and IFF_RUNNING. */
  readonly up: boolean;
  readonly loopback: boolean;
  /** `ethernet` has link-layer addresses; `ip` (tun, ppp, wireguard) does not. */
  readonly framing: 'ethernet' | 'ip';
  /** `aa:bb:cc:dd:ee:ff`; null without one. */
  readonly mac: string | null;
  readonly mtu: number;
  /** 802.1Q identifier when this is a VLAN interface, and the index of the interface below it. */
  readonly vlan: { readonly id: number; readonly parent: number } | null;
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
}

/** How a packet to one address leaves this machine (RTM_GETROUTE). */
export interface RouteInfo {
  readonly link: LinkInfo;
  /** Canonical IP literal that the kernel would send from. */
  readonly source: string;
  /** Next hop; null when the address is on the link itself. */
  readonly gateway: string | null;
  /** The address is one of this machine's own (type local). */
  readonly local: boolean;
}

export interface NetworkTable {
  links(): readonly LinkInfo[];
  /** Null when the kernel has no route. */
  routeTo(address: string): RouteInfo | null;
  /** MAC of a neighbour on a link, if the kernel knows it. */
  neighbour(linkIndex: number, address: string): string | null;
  /** Default gateways and on-link prefixes: what a map calls networks. Sorted, IPv4 first. */
  routes(): readonly {
    readonly prefix: string;
    readonly gateway: string | null;
    readonly linkIndex: number;
  }[];
}
