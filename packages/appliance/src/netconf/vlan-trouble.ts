import type { ScanNetwork } from '@picket/contracts/scan-network';
import type { ClientState } from './clients.ts';
import type { ObservedSpace } from './kernel-state.ts';
import { vlanDevice } from './plan-scan-network.ts';

/** What goes wrong in one of the platform's VLANs, in words. */
export interface VlanTrouble {
  readonly vlan: number;
  readonly message: string;
}

const mostTold = 50;

/** VLANs of the platform that got no address: no server, a refusal, an address that another machine has. The first 50. Pure. */
export function vlanTrouble(
  { vlans }: ScanNetwork,
  observed: ObservedSpace,
  clientState: (key: string) => ClientState | null,
): VlanTrouble[] {
  const devices = new Map(observed.devices.map((each) => [each.device, each]));
  const told = vlans.flatMap(({ id, ipv4 }): VlanTrouble[] => {
    const device = vlanDevice(id);
    const duplicates = (devices.get(device)?.addresses ?? []).filter(({ duplicate }) => duplicate);
    const client = ipv4?.method === 'dhcp' ? clientState(device) : null;
    const asked =
      client?.state === 'no-answer' ? ['no DHCP server answered'] : client?.state === 'refused' ? [client.message] : [];
    const taken = duplicates.map(({ cidr }) => `another machine has the address ${cidr}`);
    return [...asked, ...taken].map((message) => ({ vlan: id, message }));
  });
  return told.slice(0, mostTold);
}
