import type { UdpPayloads } from '../run/stages.ts';
import type { ServiceProbe } from './probe.ts';
import { probes as allProbes } from './registry.ts';

/**
 * Datagrams that make a UDP service answer, by port: those of the probes of the port, in the registry's order. Ports of
 * fragile devices have none unless the user asked for it.
 */
export function udpPayloads(probes: readonly ServiceProbe[] = allProbes, askFragile = false): UdpPayloads {
  return (port) =>
    probes
      .filter((probe) => probe.transport === 'udp' && probe.ports.includes(port) && (askFragile || !probe.fragile))
      .flatMap((probe) => {
        const payload = probe.next([], { host: 'picket.invalid', port, tls: false });
        return payload === null || payload === 'start-tls' ? [] : [payload];
      });
}
