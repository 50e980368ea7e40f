import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApplianceMarker } from '@picket/appliance/netconf/appliance-marker';
import { type HelperAnswer, helperAnswer } from '@picket/appliance/netconf/helper-messages';
import type { NetworkFacts } from '@picket/appliance/netconf/network-facts';
import { factorySettings, type NetworkSettings } from '@picket/appliance/netconf/network-settings';
import type { ScanNetwork } from '@picket/contracts/scan-network';
import type { GuestKernel } from '../../lab/guest-kernel.ts';
import { FrameWire } from './frame-wire.ts';
import { buildGuestImage, guestProject } from './guest-image.ts';
import { GuestMachine } from './guest-machine.ts';

const lanMac = '52:54:00:10:00:01';
const trunkMac = '52:54:00:10:00:02';
const socket = '/run/picket/network.sock';
/** As for a boot: on a machine that is busy with other things emulation is slow. */
const startDeadlineMs = 180_000;
const marker = { version: 1, ports: { lan: { mac: lanMac }, wan: null }, managementNamespace: 'picket-management' };
const node = [process.execPath, '--disable-warning=ExperimentalWarning'];

/** A machine in one VLAN of the network side, in a namespace of its own named `peerN`; its interface is `vN`. */
export interface VlanPeer {
  /** 0: without a tag. */
  readonly vlan: number;
  readonly addresses: readonly string[];
}

/**
 * A virtual machine that is an appliance: the real network helper runs in it as on a real one, on LAN `eth0`, with the marker file and all folders where they
 * belong. Its other card `eth1` is the other end of the cable, and carries a machine for each VLAN, in namespaces. The cable is this process, which counts frames.
 */
export class VlanBench implements AsyncDisposable {
  readonly wire: FrameWire;
  readonly machine: GuestMachine;
  readonly #folder: string;
  #helper: number | null = null;

  private constructor(wire: FrameWire, machine: GuestMachine, folder: string) {
    this.wire = wire;
    this.machine = machine;
    this.#folder = folder;
  }

  /** `more`: what else stands in the marker file. */
  static async open(kernel: GuestKernel, more: Partial<ApplianceMarker> = {}): Promise<VlanBench> {
    const folder = await mkdtemp(join(tmpdir(), 'vlan-bench-'));
    try {
      const image = await buildGuestImage(kernel, folder);
      const paths = { appliance: join(folder, 'lan.sock'), network: join(folder, 'trunk.sock') };
      const wire = await FrameWire.open(paths);
      const cards = [
        { mac: lanMac, path: paths.appliance },
        { mac: trunkMac, path: paths.network },
      ];
      const machine = await GuestMachine.boot(image, cards, folder);
      const bench = new VlanBench(wire, machine, folder);
      await machine.writeFile('/etc/picket/appliance.json', JSON.stringify({ ...marker, ...more }));
      return bench;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Takes the other card away from the appliance into the namespace `peer0`, and makes a machine in each VLAN. */
  async addPeers(peers: readonly VlanPeer[]): Promise<void> {
    const lines = peers.flatMap(({ vlan, addresses }) => [
      ...(vlan === 0 ? [] : vlanPeer(vlan)),
      ...addresses.map(
        (each) => `ip -n peer${vlan} address add ${each} dev v${vlan}${each.includes(':') ? ' nodad' : ''}`,
      ),
    ]);
    const trunk = [
      'ip netns add peer0',
      'ip link set eth1 netns peer0 name v0',
      'ip -n peer0 link set lo up',
      'ip -n peer0 link set v0 up',
    ];
    await this.machine.must(['sh', '-ec', [...trunk, ...lines].join('\n')]);
  }

  /** Runs a program in the machine of a VLAN. */
  inPeer(vlan: number, argv: readonly string[]) {
    return this.machine.run(['ip', 'netns', 'exec', `peer${vlan}`, ...argv]);
  }

  /** Starts a program in the machine of a VLAN. */
  startInPeer(vlan: number, argv: readonly string[]): Promise<number> {
    return this.machine.start(['ip', 'netns', 'exec', `peer${vlan}`, ...argv]);
  }

  /** A real DHCP server in a VLAN. */
  async dhcp(vlan: number, lines: readonly string[]): Promise<number> {
    const file = `/tmp/dnsmasq-${vlan}.conf`;
    const fixed = [
      'port=0',
      'bind-interfaces',
      `interface=v${vlan}`,
      'dhcp-authoritative',
      'no-ping',
      'log-dhcp',
      'leasefile-ro',
    ];
    await this.machine.writeFile(file, [...fixed, 'user=root', 'pid-file=', ...lines, ''].join('\n'));
    return this.startInPeer(vlan, ['dnsmasq', '-d', '-C', file]);
  }

  /** A real router that advertises an IPv6 prefix in a VLAN. */
  async radvd(vlan: number, prefix: string): Promise<number> {
    const file = `/tmp/radvd-${vlan}.conf`;
    const text = `interface v${vlan} { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; prefix ${prefix} { }; };\n`;
    await this.machine.writeFile(file, text);
    await this.inPeer(vlan, ['busybox', 'sysctl', '-q', '-w', 'net/ipv6/conf/all/forwarding=1']);
    return this.startInPeer(vlan, ['radvd', '-n', '-m', 'stderr', '-C', file, '-p', `/tmp/radvd-${vlan}.pid`]);
  }

  /** Starts the network helper as an appliance does, or another program in its place, and waits until it listens. */
  async start(entry = 'packages/appliance/src/netconf/main.ts', env: Record<string, string> = {}): Promise<void> {
    this.#helper = await this.machine.start([...node, join(guestProject, entry)], env);
    await this.#until(async () => {
      const { output, ended } = await this.helperLog();
      if (ended) throw new Error(`the network helper ended: ${output}`);
      return output.includes('network.ready');
    }, startDeadlineMs);
  }

  /**
   * Switches the machine off and on, with nothing written that was not on its disk, and starts the helper again as a boot does. The machines of the VLANs are in
   * it too and are made again; servers among them are not.
   */
  async powerCut(peers: readonly VlanPeer[]): Promise<void> {
    await this.machine.reset();
    await this.addPeers(peers);
    await this.start();
  }

  async kill(): Promise<void> {
    if (this.#helper !== null) await this.machine.stop(this.#helper, 'SIGKILL');
  }

  /** What the helper has said, and whether it has ended. */
  async helperLog(): Promise<{ readonly output: string; readonly ended: boolean }> {
    return this.#helper === null ? { output: '', ended: true } : this.machine.look(this.#helper);
  }

  async ask(request: object): Promise<HelperAnswer> {
    const line = await this.machine.askSocket(socket, JSON.stringify({ id: 1, ...request }));
    return helperAnswer.parse(JSON.parse(line)) as HelperAnswer;
  }

  /** Applies settings of the console on top of the factory default. */
  apply(change: Partial<NetworkSettings>): Promise<HelperAnswer> {
    return this.ask({ type: 'apply', settings: { ...factorySettings, ...change } });
  }

  /** Brings a document of the platform into force, for good unless a time is given. */
  async offer(document: ScanNetwork, confirmWithinSeconds?: number): Promise<HelperAnswer> {
    const answer = await this.ask({
      type: 'scan-network',
      confirmWithinSeconds: confirmWithinSeconds ?? 3600,
      document,
    });
    if (confirmWithinSeconds === undefined) await this.ask({ type: 'confirm', generation: document.generation });
    return answer;
  }

  async facts(): Promise<NetworkFacts> {
    const answer = await this.ask({ type: 'facts' });
    if (answer.type !== 'facts') throw new Error(JSON.stringify(answer));
    return answer.facts;
  }

  /** Waits until the facts are as wanted; the error shows the last ones. */
  async until(wanted: (facts: NetworkFacts) => boolean, deadlineMs = startDeadlineMs): Promise<NetworkFacts> {
    let facts: NetworkFacts | null = null;
    await this.#until(async () => {
      facts = await this.facts();
      return wanted(facts);
    }, deadlineMs).catch(async (error: unknown) => {
      const { output } = await this.helperLog();
      throw new Error(`${String(error)}: ${JSON.stringify(facts)}\n${output.slice(-3000)}`);
    });
    if (facts === null) throw new Error('no facts');
    return facts;
  }

  /** Waits until a program in the guest says what is wanted. */
  async untilOutput(argv: readonly string[], pattern: RegExp, deadlineMs = 60_000): Promise<string> {
    let output = '';
    await this.#until(async () => {
      output = (await this.machine.run(argv)).stdout;
      return pattern.test(output);
    }, deadlineMs).catch(() => {
      throw new Error(`${argv.join(' ')} never said ${pattern}: ${output}`);
    });
    return output;
  }

  /** Whether one of three pings is answered. */
  async reaches(address: string): Promise<boolean> {
    return (await this.machine.run(['busybox', 'ping', '-c', '3', '-A', '-w', '6', address])).code === 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
    await this.wire[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #until(done: () => Promise<boolean>, deadlineMs: number): Promise<void> {
    const end = performance.now() + deadlineMs;
    while (!(await done())) {
      if (performance.now() > end) throw new Error(`not reached within ${deadlineMs / 1000} s`);
      await delay(250);
    }
  }
}

function vlanPeer(vlan: number): string[] {
  return [
    `ip -n peer0 link add v${vlan} link v0 type vlan id ${vlan}`,
    `ip netns add peer${vlan}`,
    `ip -n peer0 link set v${vlan} netns peer${vlan}`,
    `ip -n peer${vlan} link set lo up`,
    `ip -n peer${vlan} link set v${vlan} up`,
  ];
}
