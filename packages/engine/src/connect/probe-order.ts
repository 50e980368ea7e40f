import { discoveryPorts } from '@picket/plan/plan';
import type { EngineJob } from '../run/job.ts';
import { mix, Permutation } from './permutation.ts';

/** How a job finds its hosts: not at all, by the discovery ports, or by the ports of the plan themselves. */
export type DiscoveryMode = 'assume' | 'probe' | 'plan-ports';

/** A port plan no larger than the discovery list is its own discovery: asking twice would only cost packets. */
export function discoveryMode(job: Pick<EngineJob, 'assumeAlive' | 'ports' | 'phases'>): DiscoveryMode {
  if (job.assumeAlive) return 'assume';
  const planned = job.ports.tcp.length + job.ports.udp.length;
  const small = planned > 0 && planned <= discoveryPorts.length;
  return small && job.phases.includes('ports') ? 'plan-ports' : 'probe';
}

/** The order in which a host's ports are asked: another one for each host, the same for the same seed. */
export function* portOrder(ports: readonly number[], seed: number, address: string): Generator<number> {
  const permutation = new Permutation(ports.length, hashAddress(address, seed));
  for (let index = 0; index < ports.length; index += 1) yield ports[permutation.at(index)] ?? 0;
}

function hashAddress(address: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < address.length; index += 1) hash = mix(hash ^ address.charCodeAt(index));
  return hash;
}
