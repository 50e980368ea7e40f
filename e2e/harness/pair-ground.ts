import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applianceScanNetwork } from '@picket/contracts/api/scan-network';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import type { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { startProcess } from '@picket/testkit/running-process';
import { z } from 'zod';
import { NetworkBench } from '../../packages/appliance/src/netconf/testing/network-bench.ts';
import type { ProxyProcess } from '../../packages/outbound/src/testing/proxy-process.ts';
import { proxyAccount, proxyDomain, squidNtlm } from '../../packages/outbound/src/testing/real-proxies.ts';
import { Deployment } from './deployment.ts';
import { Program } from './process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const netconf = join(root, 'packages/appliance/src/netconf');
const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
const proxyPort = 3128;
const platform = { listen: '10.22.0.1', port: 8443 };
const made = z.looseObject({ id: z.number().int() });

/** Two routed networks, each behind a router of its own: slices of 4,096 addresses, with hosts in the first 256. */
const subnets = [
  { name: 'one', network: '10.33.0.0/20', gateway: '10.33.0.1/24', router: { lan: '10.11.0.2', inner: '10.44.0.2' } },
  { name: 'two', network: '10.33.16.0/20', gateway: '10.33.16.1/24', router: { lan: '10.11.0.3', inner: '10.44.0.3' } },
] as const;

/** What is scanned, and what stands there. */
export const pairTargets = {
  range: '10.33.0.0/19',
  ports: [8080, 8081],
  routers: subnets.map(({ gateway }) => gateway.replace('/24', '')),
  hosts: ['10.33.0.10', '10.33.0.11', '10.33.16.10', '10.33.16.11'],
} as const;

/**
 * One platform and two appliances. `split` is as an image makes it, under split network: LAN 10.11.0.7 scans over two static routes of the platform's,
 * WAN 10.22.0.7 manages. `ntlm` (10.44.0.10) is a plain process whose only way to the platform is squid with real NTLMv2; it is on the inner network of the
 * same two routers. Routers pass nothing between the appliances' networks and the platform's.
 */
export class PairGround implements AsyncDisposable {
  readonly bench: NetworkBench;
  /** Platform and `ntlm`. */
  readonly deployment: Deployment;
  readonly squid: ProxyProcess;
  readonly #folder: string;
  readonly #split: Program;

  private constructor(bench: NetworkBench, deployment: Deployment, squid: ProxyProcess, folder: string) {
    this.bench = bench;
    this.deployment = deployment;
    this.squid = squid;
    this.#folder = folder;
    const space = [...node, join(netconf, 'adapters/start-in-space.ts'), '--role', 'management'];
    const daemon = [...node, join(root, 'packages/appliance/src/daemon/main.ts'), '--content', join(root, 'content')];
    const where = ['--state', join(folder, 'split'), '--network-socket', bench.socket, '--kind', 'virtual', '--json'];
    const argv = [...space, '--run', join(bench.folder, 'run'), '--', ...daemon, ...where];
    this.#split = new Program(startProcess, [...argv, '--enrolment', join(folder, 'enrolment')]);
  }

  static async open(databaseUrl: string): Promise<PairGround> {
    const bench = await NetworkBench.open('pair');
    const folder = await mkdtemp(join(tmpdir(), 'picket-pair-'));
    const { lab } = bench;
    await wire(lab);
    const squidFolder = await mkdtemp(join(tmpdir(), 'picket-proxy-'));
    const launch = (argv: readonly string[]) => lab.start('proxy', argv);
    const squid = await squidNtlm({ launch, listen: '0.0.0.0', port: proxyPort, folder: squidFolder });
    const password = join(folder, 'password');
    await writeFile(password, `${proxyAccount.password}\n`, { mode: 0o600 });
    const user = `${proxyDomain}\\${proxyAccount.user}`;
    const login = ['--proxy-user', user, '--proxy-password', password, '--proxy-auth', 'ntlm'];
    const deployment = await Deployment.create({
      platform: { launch: (argv, env) => lab.start('wansrv', argv, { env }), ...platform },
      appliance: { launch: (argv, env) => lab.start('ntbox', argv, { env }) },
      databaseUrl,
      applianceArgs: ['--proxy', `http://10.44.0.1:${proxyPort}`, ...login],
    });
    return new PairGround(bench, deployment, squid, folder);
  }

  /** The log of `split`. */
  get splitLog(): string {
    return this.#split.log;
  }

  /** Starts everything, with both appliances enrolled in one network; gives the network's id and those of the two. */
  async start(): Promise<{ readonly networkId: number; readonly ntlm: number; readonly split: number }> {
    const { bench, deployment } = this;
    await deployment.startPlatform();
    const networkId = await deployment.network('Routed', pairTargets.range);
    const { id: ntlm } = await deployment.enrol('ntlm', [networkId]);
    await bench.start(join(netconf, 'main.ts'));
    const port = { method: 'static', prefixLength: 24 } as const;
    await bench.apply({
      lan: { ...port, address: '10.11.0.7', gateway: '10.11.0.1', dns: ['10.11.0.1'], wins: [], domain: null },
      wan: { ...port, address: '10.22.0.7', gateway: '10.22.0.1', dns: ['10.22.0.1'] },
    });
    await bench.until(({ split, wan }) => split && wan?.addresses[0] === '10.22.0.7/24');
    await writeFile(join(this.#folder, 'enrolment'), deployment.enrolment);
    const shown = await this.#split.start(/"activationCode":"([0-9]+)"/);
    const activation = { code: shown[1], name: 'split', networkIds: [networkId] };
    const { id: split } = await deployment.client.post('/api/v1/appliances/activate', activation, made);
    await deployment.untilAppliance(split, (each) => each.online);
    const routes = subnets.map(({ network, router }) => ({ destination: network, gateway: router.lan, vlan: null }));
    const document = { ...emptyScanNetwork, routes };
    await deployment.client.put(`/api/v1/appliances/${split}/scan-network`, document, applianceScanNetwork);
    await bench.until(({ scanNetwork }) => scanNetwork.routes === 2 && !scanNetwork.unconfirmed, 120_000);
    return { networkId, ntlm, split };
  }

  /** Captures all that passes a switch, until it is stopped. */
  async capture(bridge: 'lansw' | 'wansw' | 'inner'): Promise<{ stop(): Promise<Frames> }> {
    const { lab } = this.bench;
    const file = join(this.#folder, `${bridge}.pcap`);
    const options = ['-i', 'bridge', '-n', '-U', '-s', '256', '-B', '65536', '-Z', 'root', '-w', file];
    const tcpdump = lab.start(bridge, ['tcpdump', ...options]);
    await tcpdump.waitFor(/listening on/);
    return {
      stop: async () => {
        await tcpdump.stop('SIGINT');
        if (!/\n0 packets dropped by kernel/.test(tcpdump.output())) throw new Error(tcpdump.output());
        return {
          matching: async (filter) => {
            const read = await lab.run(bridge, ['tcpdump', '-nn', '-t', '-r', file, filter]);
            if (read.code !== 0) throw new Error(read.stderr);
            return read.stdout.split('\n').filter((line) => line !== '');
          },
        };
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#split.end();
    await this.deployment[Symbol.asyncDispose]();
    await this.squid[Symbol.asyncDispose]();
    await this.bench[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Captured frames. */
export interface Frames {
  /** Those that a filter takes (pcap-filter(7)), a line each. */
  readonly matching: (filter: string) => Promise<readonly string[]>;
}

async function wire(lab: NetworkLab): Promise<void> {
  await lab.addBridge('inner');
  for (const name of ['proxy', 'ntbox']) await lab.addNamespace(name);
  await lab.connect('proxy', 'inner', 'in0', ['10.44.0.1/24']);
  await lab.connect('proxy', 'wansw', 'out0', ['10.22.0.5/24']);
  await lab.connect('ntbox', 'inner', 'lan0', ['10.44.0.10/24']);
  for (const [index, { name, network, gateway, router }] of subnets.entries()) {
    const [at, here, there] = [`router-${name}`, `subnet-${name}`, `hosts-${name}`];
    for (const namespace of [at, there]) await lab.addNamespace(namespace);
    await lab.addBridge(here);
    await lab.connect(at, 'lansw', 'lan0', [`${router.lan}/24`]);
    await lab.connect(at, 'inner', 'inner0', [`${router.inner}/24`]);
    await lab.connect(at, here, 'sub0', [gateway]);
    await lab.run(at, ['busybox', 'sysctl', '-q', '-w', 'net/ipv4/ip_forward=1']);
    // Beyond the first 256 nobody is there, and no router asks for them.
    await lab.run(at, ['ip', 'route', 'add', 'blackhole', network]);
    const hosts = pairTargets.hosts.slice(2 * index, 2 * index + 2);
    await lab.connect(
      there,
      here,
      'lan0',
      hosts.map((host) => `${host}/24`),
    );
    await lab.run(there, ['ip', 'route', 'add', 'default', 'via', gateway.replace('/24', '')]);
    for (const port of pairTargets.ports)
      lab.start(there, ['socat', `TCP4-LISTEN:${port},fork,reuseaddr`, 'EXEC:echo hello']);
    await lab.run('ntbox', ['ip', 'route', 'add', network, 'via', router.inner]);
  }
}
