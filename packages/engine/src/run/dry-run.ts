import { formatIp } from '@picket/base/ip';
import { addresses, contains, type RangeSet } from '@picket/base/range-set';
import { loopback } from '@picket/plan/address-class';
import { blockSubject } from '@picket/plan/blocks';
import { discoveryPorts } from '@picket/plan/plan';
import { isWide } from '@picket/plan/wide-range';
import { unitKey } from '@picket/contracts/event';
import { discoveryProbes as packetProbes } from '../packets/loop-config.ts';
import { portOf } from '../packets/probe-list.ts';
import type { NameQuestion } from '../names/name-question.ts';
import { asksForNames, type EngineJob } from './job.ts';
import { discoveryMode, portOrder } from '../connect/probe-order.ts';
import { clip, scopeOf } from '../gate/scope.ts';

/** One question that a run would ask. */
export interface DryProbe {
  /** A port may be asked in each: to find the host, for its names, and in its port scan. In each at most once. */
  readonly phase: 'discovery' | 'names' | 'ports';
  readonly address: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** 0 for ICMP. */
  readonly port: number;
  /** Which raw packet asks it; absent for a port that is asked as any is. */
  readonly packet?: 'syn' | 'ack' | 'udp' | 'echo' | 'timestamp';
}

export interface DryRunOptions {
  readonly localAllowList: RangeSet | null;
  /** Seed of the port order; a real run draws one. */
  readonly seed: number;
  /**
   * Raw packets: discovery asks more than by connections. On a link of this machine it asks for the MAC alone, which no
   * plan can know. Default: connections.
   */
  readonly raw?: boolean;
  /** Ways to ask hosts for their names; default: they are not asked. */
  readonly nameQuestions?: readonly Pick<NameQuestion, 'protocol' | 'port' | 'second'>[];
}

/**
 * Every question that a job would ask if all its addresses were up and no answer cut discovery short, in the order in
 * which the engine takes them up, block by block. Lazy: a /8 costs no memory. Repeats to silent ports are not listed.
 */
export function* dryRun(job: EngineJob, options: DryRunOptions): Generator<DryProbe> {
  const { allowed } = scopeOf(job, options.localAllowList);
  const ended = new Set(job.resume.ended.map(unitKey));
  const mode = discoveryMode(job);
  for (const block of job.blocks) {
    // Only the hosts that are found there are asked, and nobody knows them yet.
    if (isWide(block)) continue;
    const inBlock = clip(allowed, block);
    const isNew = !ended.has(unitKey({ phase: 'discovery', subject: blockSubject(block) }));
    if (isNew && mode === 'probe') yield* options.raw ? packetDiscovery(inBlock) : discoveryProbes(inBlock);
    // Nobody asks an address for its name that is only assumed to be a host.
    if (isNew && mode !== 'assume' && asksForNames(job)) yield* nameProbes(inBlock, options.nameQuestions ?? []);
    if (!job.phases.includes('ports')) continue;
    for (const address of addresses(inBlock)) {
      const text = formatIp(address);
      if (!ended.has(unitKey({ phase: 'ports', subject: text }))) yield* portProbes(job, text, options.seed);
    }
  }
}

/** Loopback addresses are this machine: there is nothing to find. */
function* discoveryProbes(inBlock: RangeSet): Generator<DryProbe> {
  for (const address of addresses(inBlock)) {
    if (contains(loopback, address)) continue;
    const text = formatIp(address);
    for (const port of discoveryPorts) yield { phase: 'discovery', address: text, protocol: 'tcp', port };
  }
}

/** As `discoveryProbes`, for raw packets. IPv6 has no timestamps. */
function* packetDiscovery(inBlock: RangeSet): Generator<DryProbe> {
  const probes = packetProbes(() => []);
  for (const address of addresses(inBlock)) {
    if (contains(loopback, address)) continue;
    const text = formatIp(address);
    for (const probe of probes) {
      const protocol = 'port' in probe ? (probe.kind === 'udp' ? 'udp' : 'tcp') : 'icmp';
      if (probe.kind === 'timestamp' && address.family === 6) continue;
      yield { phase: 'discovery', address: text, protocol, port: portOf(probe), packet: probe.kind };
    }
  }
}

function* nameProbes(inBlock: RangeSet, questions: NonNullable<DryRunOptions['nameQuestions']>): Generator<DryProbe> {
  const asked = questions.flatMap(({ protocol, port, second }) => [{ protocol, port }, ...(second ? [second] : [])]);
  for (const address of addresses(inBlock)) {
    const text = formatIp(address);
    for (const { protocol, port } of asked) yield { phase: 'names', address: text, protocol, port };
  }
}

function* portProbes(job: EngineJob, address: string, seed: number): Generator<DryProbe> {
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const port of portOrder(job.ports[protocol], seed, address)) yield { phase: 'ports', address, protocol, port };
  }
}
