import { join } from 'node:path';
import type { SpaceName } from './kernel-state.ts';

export interface SpaceCommandInput {
  readonly role: SpaceName;
  /** Whether management has a namespace of its own now. */
  readonly split: boolean;
  /** Namespaces as `ip netns` knows them; a null is the machine's own network. */
  readonly namespaces: { readonly scan: string | null; readonly management: string };
  /** Where the network helper keeps `scan.conf` and `management.conf`. */
  readonly resolverFolder: string;
  readonly argv: readonly string[];
}

/** The network namespace of a role, as a file. Pure. */
export function networkOf({
  role,
  split,
  namespaces,
}: Pick<SpaceCommandInput, 'role' | 'split' | 'namespaces'>): string {
  const name = role === 'management' && split ? namespaces.management : namespaces.scan;
  return name === null ? '/proc/1/ns/net' : join('/run/netns', name);
}

/**
 * Puts a program where its part of the network is: in the namespace of its role, with that role's resolv.conf over the machine's. The program that is run
 * replaces all the ones before it, so it keeps its process id and inherited descriptors. Needs root; who it runs as is the program's own business. Pure.
 */
export function spaceCommand({ role, split, namespaces, resolverFolder, argv }: SpaceCommandInput): string[] {
  const network = networkOf({ role, split, namespaces });
  // The words of the script are fixed; what varies comes as arguments.
  const script = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"';
  const inside = ['nsenter', `--net=${network}`, 'unshare', '--mount', '--propagation', 'slave', '--'];
  return [...inside, 'sh', '-c', script, 'sh', join(resolverFolder, `${role}.conf`), ...argv];
}
