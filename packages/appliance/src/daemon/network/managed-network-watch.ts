import type { PortStatus } from '../../local/console-status.ts';
import type { ManagedPort, NetworkHelper } from '../console/network-helper.ts';
import type { NetworkView, NetworkWatch } from './network-view.ts';

/**
 * A watch where a network helper keeps the network: what the kernel shows this process, and what it can't show. Files of /sys are those of the
 * machine's own namespace, not of management's; a VLAN's address is not on the port; and why an address was not set stands nowhere in the kernel.
 */
export function managedNetworkWatch(watch: NetworkWatch, helper: Pick<NetworkHelper, 'view'>): NetworkWatch {
  return {
    look: async (devices) => {
      const [seen, told] = await Promise.all([watch.look(devices), helper.view()]);
      return told.ok ? withManaged(seen, told.value.ports) : seen;
    },
  };
}

/** What was seen, with what the helper told of the same ports. Pure. */
export function withManaged(seen: NetworkView, managed: readonly ManagedPort[]): NetworkView {
  return {
    ...seen,
    ports: seen.ports.map((each) => {
      const told = managed.find(({ port }) => port === each.port);
      return told === undefined ? each : merged(each, told);
    }),
    invalid: managed.flatMap(({ port, invalid }) => (invalid === null ? [] : [{ port, ...invalid }])),
  };
}

/** Up and carrier of the kernel are newer, where it shows them. */
function merged(seen: PortStatus, { up, carrier, addresses, gateway }: ManagedPort): PortStatus {
  const link = seen.carrier === null ? { up, carrier } : {};
  return { ...seen, ...link, addresses: [...addresses], gateway };
}
