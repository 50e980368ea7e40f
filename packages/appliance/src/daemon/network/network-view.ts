import type { Port } from '../../console/errors/cause.ts';
import type { PortStatus } from '../../local/console-status.ts';

/** What the machine's network looks like at one moment; the checks of the network doctor read it. */
export interface NetworkView {
  readonly ports: readonly PortStatus[];
  /** Name servers in force. */
  readonly dns: readonly string[];
  /** Gateways that the kernel asked for and that did not answer (ARP or neighbour discovery). */
  readonly deadGateways: readonly string[];
  /** Ports that can't be configured as it was typed in or as DHCP says, by the word of the network helper. */
  readonly invalid: readonly { readonly port: Port; readonly loopback: boolean }[];
}

/** Looks at the network without touching it. `lan` and `wan` are device names; null: found by the default route. */
export interface NetworkWatch {
  look(devices: { readonly lan: string | null; readonly wan: string | null }): Promise<NetworkView>;
}

/** The port that leads to the platform: WAN under split network, else LAN. */
export function managementPort(view: NetworkView): PortStatus | undefined {
  return view.ports.find((each) => each.port === 'wan') ?? view.ports.find((each) => each.port === 'lan');
}
