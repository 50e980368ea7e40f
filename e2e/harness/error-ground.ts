import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NamespaceProcess } from '@picket/testkit/namespaces/network-lab';
import { NetworkBench } from '../../packages/appliance/src/netconf/testing/network-bench.ts';
import { Tmux } from '../../packages/appliance/src/testing/tmux.ts';
import { ConsoleVisitor } from './console-visitor.ts';
import { Deployment } from './deployment.ts';
import { type DoorCertificate, doorCertificate, makeDoorCertificates } from './door-certificates.ts';
import { Program } from './process.ts';
import { startProcess } from '@picket/testkit/running-process';

const root = fileURLToPath(new URL('../..', import.meta.url));
const netconf = join(root, 'packages/appliance/src/netconf');
const node = [process.execPath, '--disable-warning=ExperimentalWarning'];

/** The platform's name; every DNS server but the faulty ones knows it. */
const platformName = 'platform.picket.test';
/** Beyond the gateway of either port. */
const platformAddress = '10.77.0.1';
/** Behind the gateways: a DNS server that knows no name, and one that never answers. */
export const faultyDns = {
  lan: { unknowing: '10.11.0.3', silent: '10.11.0.4' },
  wan: { unknowing: '10.22.0.3', silent: '10.22.0.4' },
} as const;
/** A port's network as it should be. */
export const goodNetwork = {
  lan: {
    method: 'static',
    address: '10.11.0.7',
    prefixLength: 24,
    gateway: '10.11.0.1',
    dns: ['10.11.0.1'],
    wins: [],
    domain: null,
  },
  wan: { method: 'static', address: '10.22.0.7', prefixLength: 24, gateway: '10.22.0.1', dns: ['10.22.0.1'] },
} as const;

/**
 * The appliance as an image makes it, in a network where everything can go wrong: LAN's gateway `lansrv` (10.11.0.1) forwards to WAN's, `wansrv`
 * (10.22.0.1), which has the platform behind it. A proxy on LAN's gateway and the platform each have a door that misbehaves on demand.
 */
export class ErrorGround implements AsyncDisposable {
  readonly bench: NetworkBench;
  readonly deployment: Deployment;
  #daemon: Program | null = null;
  #visitor: ConsoleVisitor | null = null;
  #screen: Tmux | null = null;
  #dhcp: NamespaceProcess | null = null;
  #router: NamespaceProcess | null = null;
  readonly #dns = new Map<string, NamespaceProcess>();

  private constructor(bench: NetworkBench, deployment: Deployment) {
    this.bench = bench;
    this.deployment = deployment;
  }

  static async open(name: string): Promise<ErrorGround> {
    const bench = await NetworkBench.open(name);
    const { lab } = bench;
    await lab.connect('lansrv', 'wansw', 'p1', ['10.22.0.2/24']);
    await lab.run('lansrv', ['busybox', 'sysctl', '-q', '-w', 'net/ipv4/ip_forward=1']);
    await lab.run('wansrv', ['ip', 'route', 'add', '10.11.0.0/24', 'via', '10.22.0.2']);
    await lab.run('wansrv', ['ip', 'addr', 'add', `${platformAddress}/32`, 'dev', 'lo']);
    await lab.run('lansrv', ['ip', 'route', 'add', platformAddress, 'via', '10.22.0.1']);
    const deployment = await Deployment.create({
      platform: { launch: (argv, env) => lab.start('wansrv', argv, { env }), listen: platformAddress, port: 8444 },
      appliance: { launch: startProcess },
      publicHost: platformName,
      publicPort: 8443,
    });
    const ground = new ErrorGround(bench, deployment);
    for (const [server, port] of [
      ['lansrv', 'lan'],
      ['wansrv', 'wan'],
    ] as const) {
      const { unknowing, silent } = faultyDns[port];
      for (const address of [unknowing, silent])
        await lab.run(server, ['ip', 'addr', 'add', `${address}/24`, 'dev', 'p0']);
      await ground.startDns(server);
      await nameServer(bench, server, unknowing, []);
      lab.start(server, ['socat', '-u', `UDP4-RECV:53,bind=${silent}`, '/dev/null']);
    }
    await ground.door('platform', 'pass');
    await ground.door('proxy', 'tunnel');
    await ground.#startDoor('wansrv', 'platform', `${platformAddress}:8443`, `${platformAddress}:8444`);
    await ground.#startDoor('lansrv', 'proxy', '10.11.0.1:3128', `${platformAddress}:8443`);
    await deployment.startPlatform();
    await writeFile(join(deployment.folder, 'enrolment'), deployment.enrolment);
    await makeDoorCertificates(deployment.folder, platformName);
    await bench.start(join(netconf, 'main.ts'));
    return ground;
  }

  get visitor(): ConsoleVisitor {
    if (this.#visitor === null) throw new Error('the appliance does not run');
    return this.#visitor;
  }

  /** What the appliance's daemon wrote. */
  get log(): string {
    return this.#daemon?.log ?? '';
  }

  /** Starts the appliance's daemon in the network of management, and a console on a terminal. */
  async startAppliance(): Promise<void> {
    await this.stopAppliance();
    const { applianceState, folder } = this.deployment;
    const space = [...node, join(netconf, 'adapters/start-in-space.ts'), '--role', 'management'];
    const daemon = [...node, join(root, 'packages/appliance/src/daemon/main.ts'), '--content', join(root, 'content')];
    const where = ['--state', applianceState, '--network-socket', this.bench.socket, '--kind', 'virtual', '--json'];
    const argv = [...space, '--run', join(this.bench.folder, 'run'), '--', ...daemon, ...where];
    this.#daemon = new Program(startProcess, [...argv, '--enrolment', join(folder, 'enrolment')]);
    await this.#daemon.start(/"state":"connecting"/);
    this.#visitor = new ConsoleVisitor(applianceState, 35_000);
    this.#screen ??= await Tmux.start('errors', { columns: 80, rows: 24 }, [
      ...node,
      join(root, 'packages/appliance/src/console/main.ts'),
      '--state',
      applianceState,
    ]);
  }

  async stopAppliance(): Promise<void> {
    this.#visitor?.[Symbol.dispose]();
    this.#visitor = null;
    await this.#daemon?.end();
    this.#daemon = null;
  }

  /** Waits until the two lines of the console's terminal are these. */
  async shows(first: string, second: string): Promise<void> {
    await this.#screen?.sees(`|${first}`);
    await this.#screen?.sees(`|${second}`);
  }

  /** What the door of the platform or the proxy does from now on. */
  async door(which: 'platform' | 'proxy', mode: string): Promise<void> {
    await writeFile(join(this.deployment.folder, `${which}-mode`), `${mode}\n`);
  }

  /** Folder of a certificate for a door. */
  certificate(kind: DoorCertificate): string {
    return doorCertificate(this.deployment.folder, kind);
  }

  /** A rule for what comes to a TCP port of a server, or for what it forwards to one. */
  async block(
    server: 'lansrv' | 'wansrv',
    port: number,
    verdict: 'drop' | 'reject with tcp reset',
    hook: 'input' | 'forward' = 'input',
  ): Promise<void> {
    const chain = `chain ${hook} {\ntype filter hook ${hook} priority 0;\ntcp dport ${port} ${verdict}\n}`;
    const loaded = await this.bench.lab.run(server, ['nft', '-f', '-'], { input: `table ip fault {\n${chain}\n}\n` });
    if (loaded.code !== 0) throw new Error(loaded.stderr);
  }

  async unblock(server: 'lansrv' | 'wansrv'): Promise<void> {
    await this.bench.lab.run(server, ['nft', 'delete', 'table', 'ip', 'fault']);
  }

  /** A DHCP server on LAN or WAN, in the place of the one before; null: none. */
  async dhcp(server: 'lansrv' | 'wansrv', lines: readonly string[] | null): Promise<void> {
    await this.#dhcp?.stop('SIGKILL');
    this.#dhcp = lines === null ? null : await this.bench.dhcp(server, lines);
  }

  /** A router that advertises IPv6; null: none. */
  async router(server: 'lansrv' | 'wansrv', lines: readonly string[] | null): Promise<void> {
    await this.#router?.stop('SIGTERM');
    this.#router = lines === null ? null : await this.bench.radvd(server, lines);
  }

  async startDns(server: 'lansrv' | 'wansrv'): Promise<void> {
    const address = server === 'lansrv' ? '10.11.0.1' : '10.22.0.1';
    const names = [`--host-record=${platformName},${platformAddress}`];
    this.#dns.set(server, await nameServer(this.bench, server, address, names));
  }

  async stopDns(server: 'lansrv' | 'wansrv'): Promise<void> {
    await this.#dns.get(server)?.stop('SIGKILL');
  }

  async #startDoor(namespace: string, which: string, listen: string, to: string): Promise<void> {
    const program = [...node, join(root, 'e2e/programs/faulty-door.ts'), '--listen', listen, '--to', to];
    const argv = [...program, '--mode', join(this.deployment.folder, `${which}-mode`)];
    await this.bench.lab.start(namespace, argv).waitFor(/door ready/);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#screen?.stop();
    await this.stopAppliance();
    await this.deployment[Symbol.asyncDispose]();
    await this.bench[Symbol.asyncDispose]();
  }
}

/** A DNS server at one address, which answers NXDOMAIN for what it does not know. */
async function nameServer(
  bench: NetworkBench,
  namespace: string,
  address: string,
  names: readonly string[],
): Promise<NamespaceProcess> {
  const how = ['-d', '-C', '/dev/null', '--user=root', '--pid-file=', '--no-resolv', '--no-hosts', '--port=53'];
  const where = ['--bind-interfaces', '--except-interface=lo', `--listen-address=${address}`, '--local=/picket.test/'];
  const started = bench.lab.start(namespace, ['dnsmasq', ...how, ...where, ...names]);
  await started.waitFor(/started/);
  return started;
}
