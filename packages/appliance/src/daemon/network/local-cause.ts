import type { Cause, Port } from '../../console/errors/cause.ts';
import type { PortStatus } from '../../local/console-status.ts';
import { managementPort, type NetworkView } from './network-view.ts';

/** What the machine's own state says about why the platform is out of reach, step by step; each is null when it is well. */
export const localChecks: Readonly<
  Record<'link' | 'address' | 'gateway', (view: NetworkView, family: 4 | 6) => Cause | null>
> = {
  link: (view) => {
    const port = managementPort(view);
    if (port === undefined || !port.up) return { kind: 'iface-down', port: nameOf(port) };
    return port.carrier === false ? { kind: 'no-carrier', port: port.port } : null;
  },
  address: (view, family) => {
    const port = managementPort(view);
    const invalid = view.invalid.find((each) => each.port === nameOf(port));
    if (invalid) return { kind: 'invalid-config', ...invalid };
    const own = addressesOf(port, family);
    if (own.length === 0) return { kind: 'no-address', port: nameOf(port), family };
    const loopback =
      port?.device !== 'lo' && own.some((address) => address.startsWith('127.') || address.startsWith('::1/'));
    return loopback ? { kind: 'invalid-config', port: nameOf(port), loopback: true } : null;
  },
  gateway: (view, family) => {
    const port = managementPort(view);
    if (port?.device === 'lo') return null;
    const gateway = port?.gateway ?? null;
    const missing = gateway === null || view.deadGateways.includes(gateway);
    return missing ? { kind: 'no-gateway', port: nameOf(port), family } : null;
  },
};

/** The first thing that is wrong with the machine's own network; null when it looks well. */
export function localCause(view: NetworkView, family: 4 | 6): Cause | null {
  return localChecks.link(view, family) ?? localChecks.address(view, family) ?? localChecks.gateway(view, family);
}

export function nameOf(port: PortStatus | undefined): Port {
  return port?.port ?? 'lan';
}

function addressesOf(port: PortStatus | undefined, family: 4 | 6): string[] {
  return (port?.addresses ?? []).filter((address) => address.includes(':') === (family === 6));
}
