import { formatIp } from '@picket/base/ip';
import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { RangeSet } from '@picket/base/range-set';
import type { Governor } from '../gate/governor.ts';
import type { LeaseTerm } from '../gate/lease-term.ts';
import type { PauseGate } from '../gate/pause-gate.ts';
import type { EngineJob } from '../run/job.ts';
import type { ProbeStages } from '../run/probe-stages.ts';
import type { UdpPayloads } from '../run/stages.ts';
import { loopConfig, type PacketOptions } from './loop-config.ts';
import type { LoopControl } from './loop-control.ts';
import type { LoopConfig } from './messages.ts';
import { PacketClient } from './packet-client.ts';
import type { OpenPackets } from './packet-port.ts';
import type { PacketProber } from './packet-prober.ts';
import { packetStages } from './packet-stages.ts';

export interface PacketRunInit {
  readonly open: OpenPackets;
  readonly options: PacketOptions;
  readonly job: EngineJob;
  readonly allowed: RangeSet;
  readonly udpPayloads: UdpPayloads;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  readonly governor: Governor;
  readonly control: LoopControl;
  readonly pause: PauseGate;
  readonly lease?: LeaseTerm | undefined;
  /** For what packets can't reach. */
  readonly fallback: ProbeStages;
  readonly room: () => Promise<void>;
}

/** The packet engine in one run. */
export interface PacketRun {
  readonly stages: ProbeStages;
  readonly prober: PacketProber;
  /** Resolves when nothing can be sent any more. */
  close(): Promise<void>;
}

/** How often the governor looks at what the loop sent, milliseconds. */
const lookEveryMs = 50;

/** Ties a packet loop to a run: its scope, its times, its pauses, its rate. */
export function openPacketRun(init: PacketRunInit): PacketRun {
  const { job, control, pause, lease } = init;
  const config = loopConfig({ ...init, control: control.buffer, openedAtMs: init.clock.now() });
  const client = new PacketClient((onReport) => init.open({ ...config, openedAtMs: init.clock.now() }, onReport));
  const setTimes = () => control.setTimes(job.window?.notBeforeMs ?? 0, latest(job, lease));
  setTimes();
  control.setPaused(pause.paused);
  const stops = [pause.onChange(() => control.setPaused(pause.paused)), lease?.onRenew(setTimes)];
  const over = new AbortController();
  void watch(init, over.signal);
  return {
    stages: packetStages({
      ...init,
      fallback: init.options.vlan === undefined ? init.fallback : noFallback(init, init.options.vlan),
      client,
      lists: listsOf(config),
      onSent: (host, sent) => init.governor.sentElsewhere(host, sent),
    }),
    prober: client,
    close: async () => {
      over.abort();
      for (const stop of stops) stop?.();
      await client.close();
      init.governor.takeUpShared();
      tellLosses(init);
    },
  };
}

/** Ordinary connections carry no tag of ours: what packets can't reach in a VLAN is told, and not looked for elsewhere. */
function noFallback({ job, fallback }: PacketRunInit, vlan: number): ProbeStages {
  const count = job.ports.tcp.length + job.ports.udp.length;
  const detail = `no packet of this machine gets there in VLAN ${vlan}`;
  return {
    discover: async (request) => {
      // Taking an address for a host sends nothing.
      if (job.assumeAlive) return fallback.discover(request);
      for (const { family, first, last } of request.addresses)
        for (let bits = first; bits <= last; bits += 1n) request.onUntested(formatIp({ family, bits }), detail);
    },
    scanPorts: async () => ({ open: [], coverage: [], untested: { reason: 'local-limit', count, detail } }),
    addressesAtOnce: 0,
  };
}

function latest({ window, deadlineMs }: EngineJob, lease: LeaseTerm | undefined): number {
  const ends = [window?.notAfterMs, deadlineMs, lease?.expiresAtMs];
  return Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
}

function listsOf({ lists }: LoopConfig): Parameters<typeof packetStages>[0]['lists'] {
  const probesOf = (wanted: string) => lists.find(({ name }) => name === wanted)?.probes ?? [];
  return { discovery: probesOf('discovery'), ports: probesOf('ports') };
}

/** Frames that found no room in the kernel cost passes; packets for addresses out of scope mean a fault of ours. */
function tellLosses({ control, log }: PacketRunInit): void {
  const dropped = control.read('drops');
  const outOfScope = control.read('outOfScope');
  if (dropped > 0) log.write('warning', 'packets.dropped', { frames: dropped });
  if (outOfScope > 0) log.write('error', 'packets.out-of-scope', { packets: outOfScope });
}

async function watch({ clock, governor }: PacketRunInit, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(lookEveryMs, signal).catch(() => {});
    governor.takeUpShared();
  }
}
