import type { NetworkLayout } from '../netconf/network-layout.ts';
import { spaceCommand } from '../netconf/space-command.ts';

/** Who this process is, for what it may do with the workers that it starts. */
export interface ProcessRights {
  readonly isRoot: boolean;
  /** Bits of its permitted capabilities (capabilities(7)). */
  readonly capabilities: bigint;
}

/** Bits of linux/capability.h. */
const capability = { kill: 5n, setGid: 6n, setUid: 7n, setPcap: 8n, netRaw: 13n } as const;

/**
 * The words that start a scan worker. A worker belongs into the scanning namespace, has the resolvers for scanning, and is the scanning user, whichever this
 * process is. Where it may not be put there (no root), it does not start under split network: nothing is scanned by the wrong port. In the standard
 * configuration it then shares the network and the resolvers of this process, and without the right to change users its user too. Pure.
 */
export function workerCommand(argv: readonly string[], layout: NetworkLayout | null, rights: ProcessRights): string[] {
  if (layout === null) return [...argv];
  const inside =
    layout.scanUid === null || !mayBecome(rights) ? [...argv] : [...asUser(layout.scanUid, rights), ...argv];
  return layout.split || rights.isRoot ? spaceCommand({ ...layout, role: 'scan', argv: inside }) : inside;
}

/** A worker that could not be ended must not be started. */
function mayBecome({ isRoot, capabilities }: ProcessRights): boolean {
  const needed = [capability.kill, capability.setGid, capability.setUid];
  return isRoot || needed.every((bit) => has(capabilities, bit));
}

/** Of all that this process may do, a worker keeps raw packets. */
function asUser(id: number, { isRoot, capabilities }: ProcessRights): string[] {
  const kept = isRoot || has(capabilities, capability.netRaw) ? '-all,+net_raw' : '-all';
  const bound = isRoot || has(capabilities, capability.setPcap) ? [`--bounding-set=${kept}`] : [];
  const user = [`--reuid=${id}`, `--regid=${id}`, '--clear-groups'];
  return ['setpriv', ...user, `--inh-caps=${kept}`, `--ambient-caps=${kept}`, ...bound, '--no-new-privs', '--'];
}

function has(capabilities: bigint, bit: bigint): boolean {
  return ((capabilities >> bit) & 1n) === 1n;
}
