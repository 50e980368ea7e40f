import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ipv4Text } from '@picket/engine/wire/address-bytes';
import { decodeEthernet, ethertype } from '@picket/engine/wire/ethernet';
import { decodeIpv4 } from '@picket/engine/wire/ipv4';
import type { NamespaceProcess, NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { timedFrames } from '../capture/pcap-file.ts';

/** An IPv4 packet that came in. `at`: milliseconds since the epoch. */
export interface Packet {
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** What IPv4 comes in at an interface of a lab, by tcpdump. Ends with the lab at the latest. */
export class PacketWatch implements AsyncDisposable {
  readonly #tcpdump: NamespaceProcess;
  readonly #folder: string;

  private constructor(tcpdump: NamespaceProcess, folder: string) {
    this.#tcpdump = tcpdump;
    this.#folder = folder;
  }

  /** `filter`: of pcap-filter(7), beside `ip`. */
  static async start(lab: NetworkLab, namespace: string, device: string, filter: string): Promise<PacketWatch> {
    const folder = await mkdtemp(join(tmpdir(), 'picket-watch-'));
    const options = ['-Q', 'in', '-n', '-U', '-s', '64', '-B', '65536', '-Z', 'root', '-w', join(folder, 'in.pcap')];
    const tcpdump = lab.start(namespace, ['tcpdump', '-i', device, ...options, `ip and (${filter})`]);
    await tcpdump.waitFor(/listening on/);
    return new PacketWatch(tcpdump, folder);
  }

  /** All so far, in their order. */
  async seen(): Promise<readonly Packet[]> {
    const packets: Packet[] = [];
    for (const { at, frame } of timedFrames(await readFile(join(this.#folder, 'in.pcap')))) {
      const ethernet = decodeEthernet(frame);
      const ip = ethernet?.ethertype === ethertype.ipv4 ? decodeIpv4(frame, ethernet.payloadAt) : null;
      if (ip !== null) packets.push({ at, from: ipv4Text(ip.source), to: ipv4Text(ip.destination) });
    }
    return packets;
  }

  /** Waits until so many packets went where `holds` says. */
  async until(count: number, holds: (packet: Packet) => boolean, deadlineMs = 60_000): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const found = (await this.seen()).filter(holds).length;
      if (found >= count) return;
      if (performance.now() > deadline) throw new Error(`${found} of ${count} packets came in ${deadlineMs} ms`);
      await delay(50);
    }
  }

  /** Ends it, and gives all packets; fails where the kernel had to leave some out. */
  async stop(): Promise<readonly Packet[]> {
    await this.#tcpdump.stop('SIGINT');
    const dropped = /(\d+) packets? dropped by kernel/.exec(this.#tcpdump.output())?.[1];
    if (dropped !== '0') throw new Error(`the capture has holes: ${this.#tcpdump.output()}`);
    return this.seen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tcpdump.stop('SIGINT');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** When the last of them came; minus infinity without one. */
export function lastAt(packets: readonly Packet[]): number {
  return Math.max(...packets.map(({ at }) => at), Number.NEGATIVE_INFINITY);
}
