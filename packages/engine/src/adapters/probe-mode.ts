import { packetOptions, type PacketOptions } from '../packets/loop-config.ts';
import type { OpenLink } from '../link-search/link-search.ts';
import type { NetworkTable } from '../packets/network-table.ts';
import type { EngineDeps, ProbeMode } from '../run/run-job.ts';
import { openNetworkTable } from './kernel/netlink-table.ts';
import { packetCapability } from './kernel/packet-capability.ts';
import { openPacketLink } from './kernel/packet-socket-link.ts';
import { openPacketThread } from './packet-thread.ts';

/** How hosts and ports are probed: `auto` takes raw packets where they can be had; the others insist. */
export type WantedMode = 'auto' | 'raw' | 'connect';

export interface ProbeModeChoice {
  readonly mode: ProbeMode;
  readonly packets: NonNullable<EngineDeps['packets']> | null;
  readonly openLink: OpenLink | null;
  readonly networkTable: NetworkTable | null;
}

/**
 * Finds out by trying which mode this machine has. With `raw` wanted and not to be had, the result says so as an error text: a
 * scan that was asked for raw packets, or for a VLAN tag of its own, must not quietly run with less.
 */
export function chooseProbeMode(wanted: WantedMode, options: PacketOptions = packetOptions): ProbeModeChoice | string {
  const tagged = options.vlan !== undefined;
  if (tagged && wanted === 'connect')
    return 'Ordinary connections can not carry a VLAN tag of their own: take mode raw.';
  const capability = wanted === 'connect' ? null : packetCapability();
  if (capability?.raw) {
    const message = 'Raw packets: hosts are found by ARP, neighbour discovery, ICMP, TCP and UDP, ports by SYN.';
    return {
      mode: { name: 'raw', level: 'info', message },
      packets: { open: openPacketThread, options },
      // Its questions to whole links carry no tag.
      openLink: tagged ? null : openPacketLink,
      networkTable: tableOf(),
    };
  }
  if (wanted === 'raw' || tagged) return capability?.message ?? '';
  const message =
    capability?.message ??
    'Ordinary connections, as asked for: no ARP, ICMP or operating system evidence from packets.';
  return {
    mode: { name: 'connect', level: wanted === 'auto' ? 'warning' : 'info', message },
    packets: null,
    openLink: null,
    networkTable: tableOf(),
  };
}

function tableOf(): NetworkTable | null {
  try {
    const table = openNetworkTable();
    return table.ok ? table.value : null;
  } catch {
    // No such kernel or no way to call it: maps go without networks.
    return null;
  }
}
