import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NetworkLab, type NamespaceProcess } from '@picket/testkit/namespaces/network-lab';
import { type RunningProcess, startProcess } from '@picket/testkit/running-process';
import type { ApplianceMarker } from '../appliance-marker.ts';
import type { HelperAnswer } from '../helper-messages.ts';
import type { NetworkFacts } from '../network-facts.ts';
import { factorySettings, type NetworkSettings } from '../network-settings.ts';
import { askHelper } from '../adapters/ask-helper.ts';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));

/**
 * An appliance in a namespace of its own with the real network helper: `lan0` on a switch with `lansrv` (10.11.0.1, fd00:11::1), `wan0` on another with
 * `wansrv` (10.22.0.1, fd00:22::1). Neither switch leads anywhere else.
 */
export class NetworkBench implements AsyncDisposable {
  readonly lab: NetworkLab;
  readonly folder: string;
  #helper: RunningProcess | null = null;

  private constructor(name: string, folder: string) {
    this.lab = new NetworkLab(name);
    this.folder = folder;
  }

  /** `more`: what else stands in the appliance's marker file. */
  static async open(name: string, more: Partial<ApplianceMarker> = {}): Promise<NetworkBench> {
    const bench = new NetworkBench(name, await mkdtemp(join(tmpdir(), `${name}-`)));
    const { lab } = bench;
    for (const bridge of ['lansw', 'wansw']) await lab.addBridge(bridge);
    for (const namespace of ['box', 'lansrv', 'wansrv']) await lab.addNamespace(namespace);
    await lab.connect('lansrv', 'lansw', 'p0', ['10.11.0.1/24', 'fd00:11::1/64']);
    await lab.connect('wansrv', 'wansw', 'p0', ['10.22.0.1/24', 'fd00:22::1/64']);
    await lab.connect('box', 'lansw', 'lan0', []);
    await lab.connect('box', 'wansw', 'wan0', []);
    const marker = {
      version: 1,
      ports: { lan: { name: 'lan0' }, wan: { name: 'wan0' } },
      managementNamespace: lab.fullName('mgmt'),
      ...more,
    };
    await writeFile(bench.#path('appliance.json'), JSON.stringify(marker), { mode: 0o600 });
    return bench;
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  get socket(): string {
    return this.#path('run/network.sock');
  }

  get state(): string {
    return this.#path('state');
  }

  /** Starts the helper, or another program in its place, and waits until it listens. */
  async start(
    entry: string = program,
    more: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<RunningProcess> {
    const options = ['--marker', this.#path('appliance.json'), '--namespace', this.lab.fullName('box')];
    const folders = ['--state', this.state, '--run', this.#path('run')];
    this.#helper = startProcess([process.execPath, entry, ...options, ...folders, ...more], env);
    await this.#helper.waitFor(/network\.ready|network\.exit/, 30_000);
    return this.#helper;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#helper?.stop(signal);
    this.#helper = null;
  }

  log(): string {
    return this.#helper?.output() ?? '';
  }

  ask(request: object): Promise<HelperAnswer> {
    return askHelper(this.socket, request);
  }

  /** Applies settings on top of the factory default. */
  apply(change: Partial<NetworkSettings>): Promise<HelperAnswer> {
    return this.ask({ type: 'apply', settings: { ...factorySettings, ...change } });
  }

  async facts(): Promise<NetworkFacts> {
    const answer = await this.ask({ type: 'facts' });
    if (answer.type !== 'facts') throw new Error(JSON.stringify(answer));
    return answer.facts;
  }

  /** Waits until the facts are as wanted; the error shows the last ones. */
  async until(wanted: (facts: NetworkFacts) => boolean, deadlineMs = 30_000): Promise<NetworkFacts> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      const facts = await this.facts();
      if (wanted(facts)) return facts;
      if (performance.now() > end) throw new Error(`not reached: ${JSON.stringify(facts)}\n${this.log().slice(-3000)}`);
      await delay(200);
    }
  }

  /** A real DHCP server beside the named port; `lines` go into its configuration. */
  async dhcp(server: 'lansrv' | 'wansrv', lines: readonly string[]): Promise<NamespaceProcess> {
    const config = [
      'port=0',
      'bind-interfaces',
      'interface=p0',
      'dhcp-authoritative',
      'no-ping',
      'log-dhcp',
      'leasefile-ro',
      'user=root',
      ...lines,
    ];
    const file = this.#path(`${server}-${performance.now()}.conf`);
    await writeFile(file, `${config.join('\n')}\n`);
    const started = this.lab.start(server, ['dnsmasq', '-d', '-C', file]);
    await started.waitFor(/DHCP, (IP range|static leases)|DHCPv6|started/);
    return started;
  }

  /** A real router that advertises IPv6; `lines` go into its interface block. */
  async radvd(server: 'lansrv' | 'wansrv', lines: readonly string[]): Promise<NamespaceProcess> {
    const file = this.#path(`${server}-radvd.conf`);
    await writeFile(
      file,
      `interface p0 { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; ${lines.join(' ')} };\n`,
      { mode: 0o644 },
    );
    await this.lab.run(server, ['busybox', 'sysctl', '-q', '-w', 'net/ipv6/conf/all/forwarding=1']);
    return this.lab.start(server, ['radvd', '-n', '-m', 'stderr', '-C', file, '-p', this.#path(`${server}-radvd.pid`)]);
  }

  /** What `ip` says inside a namespace of the lab. */
  async ip(namespace: string, ...args: readonly string[]): Promise<string> {
    return (await this.lab.run(namespace, ['ip', ...args])).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
    await this.lab.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Options of a LAN server that gives all that the appliance asks for. */
export const fullLease = [
  'dhcp-range=10.11.0.100,10.11.0.150,255.255.255.0,2m',
  'dhcp-option=option:router,10.11.0.1',
  'dhcp-option=option:dns-server,10.11.0.53,10.11.0.54',
  'dhcp-option=option:netbios-ns,10.11.0.5,10.11.0.6',
  'dhcp-option=option:netbios-nodetype,8',
  'dhcp-option=option:domain-name,corp.example',
  'dhcp-option=option:domain-search,corp.example,lab.example',
  'dhcp-option=option:ntp-server,10.11.0.7',
];
