import { systemRandom } from '@picket/base/adapters/system';
import { nodeDnsPort } from '@picket/engine/adapters/node-dns-port';
import { oastListener } from '@picket/engine/adapters/oast-listener';
import { scriptThreads } from '@picket/engine/adapters/script-thread';
import type { CheckSurroundings } from '@picket/engine/checks/check-session';

/**
 * What a template that is run by hand has beside its target: the sandbox for scripts, the resolver of this machine, and for a target on
 * the loopback a listener for its calls, which is open only while the check waits. Other targets could not reach a listener there.
 */
export function runSurroundings(address: string): Partial<CheckSurroundings> {
  const here = address.startsWith('127.') ? '127.0.0.1' : address === '::1' ? '::1' : null;
  return {
    scripts: scriptThreads(),
    dns: nodeDnsPort(),
    oast: here === null ? null : oastListener({ address: here, random: systemRandom }),
  };
}
