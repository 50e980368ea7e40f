import { PicketError } from '@picket/base/error';
import type { ApplianceMarker, PortChoice } from './appliance-marker.ts';
import type { Observed, ObservedDevice } from './kernel-state.ts';

/** The interfaces of the ports. */
export interface Ports {
  readonly lan: string;
  readonly wan: string | null;
}

/**
 * The interfaces that the marker means, wherever they are now. An appliance without its LAN port can do nothing. A WAN port that is not there keeps the name
 * that it had `before`: all else goes on without it.
 */
export function findPorts(ports: ApplianceMarker['ports'], observed: Observed, before: Ports | null): Ports {
  const devices = [...observed.scan.devices, ...(observed.management?.devices ?? [])];
  const lan = find(ports.lan, devices);
  if (lan === null) throw missing(ports.lan, devices);
  if (ports.wan === null) return { lan, wan: null };
  const absent = before?.wan ?? ('name' in ports.wan ? ports.wan.name : 'wan');
  return { lan, wan: find(ports.wan, devices) ?? absent };
}

function find(choice: PortChoice, devices: readonly ObservedDevice[]): string | null {
  const isIt = ({ device, mac, vlan }: ObservedDevice) =>
    'name' in choice ? device === choice.name : mac === choice.mac && vlan === null;
  return devices.find(isIt)?.device ?? null;
}

function missing(choice: PortChoice, devices: readonly ObservedDevice[]): PicketError {
  const what = 'name' in choice ? choice.name : choice.mac;
  return new PicketError({
    code: 'netconf.port-missing',
    kind: 'operational',
    message: `The LAN port ${what} is not there.`,
    hint: `Interfaces here: ${devices.map(({ device, mac }) => `${device} (${mac})`).join(', ')}. Correct the marker file, or put the network card back.`,
    retryable: true,
  });
}
