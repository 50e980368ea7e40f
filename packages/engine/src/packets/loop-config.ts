import type { Random } from '@picket/base/random';
import type { RangeSet } from '@picket/base/range-set';
import { discoveryPorts, discoveryUdpPorts } from '@picket/plan/plan';
import { packetLimits } from '@picket/plan/profile';
import type { EngineJob } from '../run/job.ts';
import type { UdpPayloads } from '../run/stages.ts';
import type { LoopConfig } from './messages.ts';
import type { ProbeSpec } from './probe-list.ts';
import { sourcePortCount } from './source-ports.ts';

/** What the owner of a run may choose about its packets. */
export interface PacketOptions {
  /** Scan from this port alone; absent: from ports above the ephemeral range. */
  readonly sourcePort?: number;
  /** 802.1Q identifier of the targets' network, for links that carry several. */
  readonly vlan?: number;
  /** Send from this address of ours. */
  readonly sourceAddress?: string;
}

/** Nothing chosen. */
export const packetOptions: PacketOptions = {};

/** Above the ephemeral range of Linux (32768 to 60999), so that no socket of this machine has them. */
const sourcePorts = { first: 61_000, last: 65_535 };

/** What the loop of a job is told. */
export function loopConfig(init: {
  readonly job: Pick<EngineJob, 'ports' | 'profile'>;
  readonly allowed: RangeSet;
  readonly udpPayloads: UdpPayloads;
  readonly random: Random;
  readonly options: PacketOptions;
  readonly control: SharedArrayBuffer;
  readonly openedAtMs: number;
}): LoopConfig {
  const { job, allowed, udpPayloads, random, options, control, openedAtMs } = init;
  const { profile } = job;
  const limits = packetLimits[profile.name];
  return {
    allowed,
    lists: [
      { name: 'discovery', probes: discoveryProbes(udpPayloads) },
      { name: 'ports', probes: portProbes(job.ports, udpPayloads) },
    ],
    rates: {
      scan: profile.packetsPerSecond,
      host: profile.packetsPerSecondPerHost,
      network: limits.perNetwork,
      multicast: Math.min(profile.packetsPerSecond, limits.multicast),
      halfOpen: limits.halfOpenPerGateway,
    },
    patience: { passes: profile.retries + 1, timeoutMs: profile.connectTimeoutMs },
    key: random.bytes(8),
    seed: random.integer(2 ** 32),
    firstSourcePort: sourcePorts.first + random.integer(sourcePorts.last - sourcePortCount - sourcePorts.first),
    sourcePort: options.sourcePort ?? null,
    echoId: random.integer(2 ** 16),
    vlan: options.vlan ?? null,
    sourceAddress: options.sourceAddress ?? null,
    control,
    openedAtMs,
  };
}

/** Likeliest first; each round goes only to addresses that are still silent. */
export function discoveryProbes(udpPayloads: UdpPayloads): ProbeSpec[] {
  const [first = 443, ...others] = discoveryPorts;
  return [
    { kind: 'echo' },
    { kind: 'syn', port: first },
    { kind: 'ack', port: 80 },
    { kind: 'timestamp' },
    ...others.filter((port) => port !== 80).map((port): ProbeSpec => ({ kind: 'syn', port })),
    ...discoveryUdpPorts.map((port) => udpProbe(port, udpPayloads)),
  ];
}

function portProbes(ports: EngineJob['ports'], udpPayloads: UdpPayloads): ProbeSpec[] {
  return [
    ...ports.tcp.map((port): ProbeSpec => ({ kind: 'syn', port })),
    ...ports.udp.map((port) => udpProbe(port, udpPayloads)),
  ];
}

function udpProbe(port: number, udpPayloads: UdpPayloads): ProbeSpec {
  const payloads = udpPayloads(port);
  return { kind: 'udp', port, payloads: payloads.length > 0 ? payloads : [new Uint8Array(0)] };
}
