import { mustRun } from './run-command.ts';

/** A network interface to be made in a namespace, its other end plugged into a bridge. */
export interface Plug {
  /** Namespace that gets the interface. */
  readonly namespace: string;
  /** Name of the interface in that namespace, 15 characters at most. */
  readonly device: string;
  /** Namespace and name of the bridge. */
  readonly bridgeNamespace: string;
  readonly bridge: string;
  /** Name of the port on the bridge's side, unique in its namespace. */
  readonly port: string;
  /** Addresses with prefix length, `10.99.0.5/24` or `fd99::5/64`. No address of a family means no IPv6 or no IPv4. */
  readonly addresses: readonly string[];
}

/** Commands (arguments of `ip`) that make a bridge in a namespace. Pure. */
export function bridgeCommands(namespace: string, bridge: string): string[][] {
  assertDevice(bridge);
  return [
    ['-n', namespace, 'link', 'add', bridge, 'type', 'bridge'],
    ['-n', namespace, 'link', 'set', bridge, 'up'],
  ];
}

/**
 * Commands (arguments of `ip`) that plug a namespace into a bridge. The veth pair is born with each end in its namespace, so no interface
 * ever shows up among the machine's own. Addresses skip duplicate address detection, so that they serve at once. Pure.
 */
export function plugCommands(plug: Plug): string[][] {
  assertDevice(plug.device);
  assertDevice(plug.port);
  const inBridge = ['-n', plug.bridgeNamespace];
  const inHost = ['-n', plug.namespace];
  return [
    [...inBridge, 'link', 'add', plug.port, 'type', 'veth', 'peer', 'name', plug.device, 'netns', plug.namespace],
    [...inBridge, 'link', 'set', plug.port, 'master', plug.bridge, 'up'],
    [...inHost, 'link', 'set', plug.device, 'up'],
    ...plug.addresses.map((address) => [
      ...inHost,
      'addr',
      'add',
      address,
      'dev',
      plug.device,
      ...(address.includes(':') ? ['nodad'] : []),
    ]),
  ];
}

/** Runs `ip` commands one after another; the first that fails rejects with the command's own words. */
export async function runIp(commands: readonly (readonly string[])[]): Promise<void> {
  for (const command of commands) await mustRun(['ip', ...command]);
}

function assertDevice(name: string): void {
  if (!/^[a-z0-9][a-z0-9.-]{0,14}$/.test(name)) {
    throw new Error(`"${name}" is no interface name: the kernel takes 15 characters at most`);
  }
}
