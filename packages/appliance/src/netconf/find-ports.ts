import { PicketError } from '@picket/base/error';
import type { ApplianceMarker, PortChoice } from './appliance-marker.ts';
import type { Observed, ObservedDevice } from './kernel-state.ts';

/** The interfaces that the marker means, wherever they are now. An appliance without its LAN port can do nothing. */
export function findPorts(ports: ApplianceMarker['ports'], observed: Observed): { lan: string; wan: string | null } {
  const devices = [...observed.scan.devices, ...(observed.management?.devices ?? [])];
  return {
    lan: find('lan', ports.lan, devices),
    wan: ports.wan === null ? null : find('wan', ports.wan, devices),
  };
}

function find(port: string, choice: PortChoice, devices: readonly ObservedDevice[]): string {
  const isIt = ({ device, mac, vlan }: ObservedDevice) =>
    'name' in choice ? device === choice.name : mac === choice.mac && vlan === null;
  const found = devices.find(isIt);
  if (found !== undefined) return found.device;
  const what = 'name' in choice ? choice.name : choice.mac;
  throw new PicketError({
    code: 'netconf.port-missing',
    kind: 'operational',
    message: `The ${port.toUpperCase()} port ${what} is not there.`,
    hint: `Interfaces here: ${devices.map(({ device, mac }) => `${device} (${mac})`).join(', ')}. Correct the marker file, or put the network card back.`,
    retryable: true,
  });
}
