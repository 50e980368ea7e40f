import type { Cause } from '../console/errors/cause.ts';
import { type NetworkError, networkError } from '../console/errors/network-error.ts';
import { localCause } from '../daemon/network/local-cause.ts';
import type { NetworkView } from '../daemon/network/network-view.ts';
import type { PortFacts } from './network-facts.ts';

/** What is wrong with a port with the settings in force, in the codes of `NETWORK ERR`; null when it looks well. Pure. */
export function portError(name: 'lan' | 'wan', port: PortFacts): (NetworkError & { readonly detail: string }) | null {
  const noServers: Cause | null = port.dns.length === 0 ? { kind: 'no-dns-server', port: name } : null;
  // The order of causes is the daemon's, so that console and command line say the same.
  const cause = localCause(viewOf(name, port), port.family) ?? noServers;
  return cause === null ? null : { ...networkError('in-force', cause), detail: detailOf(cause, port) };
}

/** The facts of one port as the daemon sees a machine. */
function viewOf(name: 'lan' | 'wan', port: PortFacts): NetworkView {
  const { device, mac, up, carrier, addresses, gateway, dns } = port;
  const invalid = port.trouble.find(({ invalidConfiguration }) => invalidConfiguration);
  return {
    ports: [{ port: name, device, mac, up, carrier, addresses: [...addresses], gateway }],
    dns,
    deadGateways: [],
    invalid: invalid === undefined ? [] : [{ port: name, loopback: invalid.loopback }],
  };
}

function detailOf({ kind }: Cause, { device, family, trouble }: PortFacts): string {
  switch (kind) {
    case 'iface-down':
      return `${device} is down`;
    case 'no-carrier':
      return `${device} has no carrier: is the cable plugged in?`;
    case 'invalid-config':
      return (
        trouble.find(({ invalidConfiguration }) => invalidConfiguration)?.message ?? `${device} has a loopback address`
      );
    case 'no-address':
      return trouble[0]?.message ?? `${device} has no IPv${family} address`;
    case 'no-gateway':
      return `${device} has no IPv${family} gateway`;
    default:
      return `${device} has no DNS servers`;
  }
}
