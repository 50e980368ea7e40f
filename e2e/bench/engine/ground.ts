import { createNamespace, destroyNamespace } from '@picket/testkit/namespaces/namespace';
import { startInNamespace } from '@picket/testkit/namespaces/network-lab';
import { mustRun, runCommand } from '@picket/testkit/namespaces/run-command';
import type { RunningProcess } from '@picket/testkit/running-process';
import { fileURLToPath } from 'node:url';

/** Addresses of the wire between scanner and target. */
export const wire = {
  near: '10.9.0.1',
  far: '10.9.0.2',
  near6: 'fd09::1',
  far6: 'fd09::2',
  /** On the wire itself, for ARP: the scanner's own address there. */
  onLink: '10.78.255.254',
  device: 'wire0',
} as const;

const listeners = fileURLToPath(new URL('./listeners-program.ts', import.meta.url));

/** What the target is for one scenario. */
export interface TargetShape {
  /** Prefixes whose every address answers; all others of `silent` swallow what they get. */
  readonly answering: readonly string[];
  readonly silent: readonly string[];
  readonly tcp: readonly number[];
  /** Ports that answer a datagram, on each address of 10.77.0.0/24. */
  readonly udp: readonly number[];
  /** Of a hundred packets that come in, so many are lost. */
  readonly lossPercent: number;
}

/**
 * Two namespaces and a veth pair. The target answers for whole networks (any-IP: a local route for the prefix); SYN cookies keep its memory
 * flat. Offloads are off at both ends: with them on, libpcap gives masscan a ring of 32 frames, and it loses a third of the answers.
 */
export class Ground implements AsyncDisposable {
  readonly near: string;
  readonly far: string;
  #listening: RunningProcess | null = null;

  constructor(name: string) {
    this.near = `${name}-near`;
    this.far = `${name}-far`;
  }

  async open(): Promise<void> {
    await createNamespace(this.near);
    await createNamespace(this.far);
    const { device } = wire;
    await mustRun([
      'ip',
      '-n',
      this.near,
      'link',
      'add',
      device,
      'type',
      'veth',
      'peer',
      'name',
      device,
      'netns',
      this.far,
    ]);
    for (const namespace of [this.near, this.far]) {
      await this.#in(namespace, ['ethtool', '-K', device, 'tso', 'off', 'gso', 'off', 'gro', 'off']);
      await mustRun(['ip', '-n', namespace, 'link', 'set', device, 'up']);
    }
    const address = (namespace: string, text: string) =>
      mustRun(['ip', '-n', namespace, 'address', 'add', text, 'dev', device, ...(text.includes(':') ? ['nodad'] : [])]);
    await address(this.near, `${wire.near}/24`);
    await address(this.far, `${wire.far}/24`);
    await address(this.near, `${wire.near6}/64`);
    await address(this.far, `${wire.far6}/64`);
    await address(this.near, `${wire.onLink}/16`);
    await mustRun(['ip', '-n', this.near, 'route', 'add', '10.77.0.0/16', 'via', wire.far]);
    await mustRun(['ip', '-n', this.near, 'route', 'add', 'fd77::/64', 'via', wire.far6]);
    // ICMP errors are limited for each asker; here one kernel stands for many hosts, so the limit would be that of one.
    const settings = ['net.ipv4.tcp_syncookies=2', 'net.ipv4.icmp_ratemask=0', 'net.ipv4.icmp_msgs_per_sec=1000000'];
    for (const setting of settings) await this.#in(this.far, ['sysctl', '-qw', setting]);
    await runCommand(['ip', 'netns', 'exec', this.near, 'ping', '-c', '1', wire.far]);
    await runCommand(['ip', 'netns', 'exec', this.near, 'ping', '-c', '1', wire.far6]);
  }

  /** Makes the target what a scenario needs. */
  async shape(shape: TargetShape): Promise<void> {
    await this.#listening?.stop();
    for (const prefix of ['10.77.0.0/16', '10.78.0.0/16', 'fd77::/64']) {
      const family = prefix.includes(':') ? ['-6'] : [];
      await runCommand(['ip', ...family, '-n', this.far, 'route', 'flush', 'root', prefix, 'table', 'local']);
      await runCommand(['ip', ...family, '-n', this.far, 'route', 'flush', 'root', prefix]);
    }
    for (const prefix of shape.silent) await mustRun(['ip', '-n', this.far, 'route', 'add', 'blackhole', prefix]);
    for (const prefix of shape.answering)
      await mustRun(['ip', '-n', this.far, 'route', 'add', 'local', prefix, 'dev', 'lo']);
    // Who asks must not be one of the target's own addresses, or the question is dropped as forged.
    await mustRun([
      'ip',
      '-n',
      this.far,
      'route',
      'replace',
      'unicast',
      wire.onLink,
      'dev',
      wire.device,
      'table',
      'local',
    ]);
    await this.#in(this.far, ['nft', 'flush', 'ruleset']);
    await mustRun(['ip', 'netns', 'exec', this.far, 'nft', '-f', '-'], { input: rules(shape.lossPercent) });
    const ports = [`tcp=${shape.tcp.join(',')}`, `udp=${shape.udp.join(',')}`];
    this.#listening = startInNamespace(this.far, [process.execPath, listeners, ...ports]);
    await this.#listening.waitFor(/listening/, 60_000);
  }

  /** Probes that have reached the target since the rules were made: SYN and other TCP that begins something, datagrams, echo, ARP. */
  async probesSeen(): Promise<number> {
    const shown = await mustRun(['ip', 'netns', 'exec', this.far, 'nft', '-j', 'list', 'counters']);
    const { nftables } = JSON.parse(shown) as { nftables: { counter?: { packets: number } }[] };
    return nftables.reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0);
  }

  start(namespace: string, argv: readonly string[]): RunningProcess {
    return startInNamespace(namespace, argv);
  }

  async nearMacOfFar(): Promise<string> {
    const shown = await mustRun(['ip', '-n', this.far, '-j', 'link', 'show', wire.device]);
    return (JSON.parse(shown) as { address: string }[])[0]?.address ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await destroyNamespace(this.near);
    await destroyNamespace(this.far);
  }

  async #in(namespace: string, argv: readonly string[]): Promise<void> {
    await mustRun(['ip', 'netns', 'exec', namespace, ...argv]);
  }
}

function rules(lossPercent: number): string {
  const loss = lossPercent > 0 ? `iifname ${wire.device} numgen random mod 100 < ${lossPercent} drop` : '';
  return `table inet bench {
  counter probes { }
  chain prerouting { type filter hook prerouting priority raw;
    iifname ${wire.device} tcp flags & (syn|ack|rst) == syn counter name probes
    iifname ${wire.device} meta l4proto udp counter name probes
    ${loss}
  }
}
table arp bench {
  counter requests { }
  chain input { type filter hook input priority 0;
    arp operation request counter name requests
  }
}
`;
}
