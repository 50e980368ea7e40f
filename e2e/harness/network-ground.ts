import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NamespaceProcess } from '@picket/testkit/namespaces/network-lab';
import { startProcess } from '@picket/testkit/running-process';
import { NetworkBench } from '../../packages/appliance/src/netconf/testing/network-bench.ts';
import { Tmux } from '../../packages/appliance/src/testing/tmux.ts';
import { Deployment } from './deployment.ts';
import { Program } from './process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const netconf = join(root, 'packages/appliance/src/netconf');
const node = [process.execPath, '--disable-warning=ExperimentalWarning'];

/** Where the platform is: beyond LAN's gateway, and on WAN. */
export const platformAddress = '10.22.0.1';
/** A host behind the second router of LAN; by IPv6 it is in LAN itself. */
export const far = { address: '10.33.0.10', ipv6: 'fd00:11::2', router: '10.11.0.2', name: 'target.corp.example' };
/** The WINS server that LAN's DHCP names. */
export const winsServer = '10.11.0.5';
/** Port that the far host serves. */
export const servedPort = 8080;

/**
 * An appliance as an image makes it: the real network helper, daemon and console in a namespace with a LAN and a WAN port, and a real platform. LAN's
 * gateway `lansrv` (10.11.0.1) forwards to `wansrv`, where the platform is; `far` is behind a second router. Each of the three has a DNS server that
 * tells what it is asked.
 */
export class NetworkGround implements AsyncDisposable {
  readonly bench: NetworkBench;
  readonly deployment: Deployment;
  /** DNS servers by namespace. */
  readonly dns: Readonly<Record<'lansrv' | 'wansrv' | 'far', NamespaceProcess>>;
  #console: Tmux | null = null;

  private constructor(bench: NetworkBench, deployment: Deployment, dns: NetworkGround['dns']) {
    this.bench = bench;
    this.deployment = deployment;
    this.dns = dns;
  }

  /** `pace`: how much faster the helper's clock runs. */
  static async open(name: string, pace: number): Promise<NetworkGround> {
    const bench = await NetworkBench.open(name);
    const { lab } = bench;
    await lab.addNamespace('far');
    await lab.connect('far', 'lansw', 'p0', [`${far.router}/24`, `${winsServer}/24`, `${far.ipv6}/64`]);
    await lab.run('far', ['ip', 'addr', 'add', `${far.address}/32`, 'dev', 'lo']);
    await lab.connect('lansrv', 'wansw', 'p1', ['10.22.0.2/24']);
    await lab.run('lansrv', ['busybox', 'sysctl', '-q', '-w', 'net/ipv4/ip_forward=1']);
    await lab.run('wansrv', ['ip', 'route', 'add', '10.11.0.0/24', 'via', '10.22.0.2']);
    lab.start('far', ['socat', `TCP4-LISTEN:${servedPort},fork,reuseaddr`, 'EXEC:echo open']);
    lab.start('far', ['socat', `TCP6-LISTEN:${servedPort},fork,reuseaddr,ipv6only=1`, 'EXEC:echo open']);
    const dns = {
      lansrv: await nameServer(bench, 'lansrv'),
      wansrv: await nameServer(bench, 'wansrv'),
      far: await nameServer(bench, 'far'),
    };
    const machine = join(bench.folder, 'machine-resolv.conf');
    await writeFile(machine, `nameserver ${far.router}\n`);
    await bench.start(join(netconf, 'testing/fast-clock-helper.ts'), [], { PACE: String(pace) });
    const script = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"';
    const deployment = await Deployment.create({
      platform: { launch: (argv, env) => lab.start('wansrv', argv, { env }), listen: platformAddress, port: 8443 },
      // A machine whose own resolver file names another server than the network helper knows.
      appliance: {
        launch: (argv, env) =>
          lab.start(
            'box',
            ['unshare', '--mount', '--propagation', 'slave', 'sh', '-c', script, 'sh', machine, ...argv],
            { env },
          ),
      },
      applianceArgs: ['--network-socket', bench.socket, '--kind', 'virtual'],
    });
    return new NetworkGround(bench, deployment, dns);
  }

  /** Brings the console up on a terminal. */
  async openConsole(): Promise<Tmux> {
    const command = [...node, join(root, 'packages/appliance/src/console/main.ts')];
    this.#console = await Tmux.start('ground', { columns: 80, rows: 24 }, [
      ...command,
      '--state',
      this.deployment.applianceState,
    ]);
    return this.#console;
  }

  /** The daemon anew, in the network and with the resolver of management. */
  managementDaemon(): Program {
    const start = [...node, join(netconf, 'adapters/start-in-space.ts'), '--role', 'management'];
    const daemon = [...node, join(root, 'packages/appliance/src/daemon/main.ts'), '--content', join(root, 'content')];
    const where = ['--state', this.deployment.applianceState, '--network-socket', this.bench.socket];
    const run = join(this.bench.folder, 'run');
    return new Program(startProcess, [
      ...start,
      '--run',
      run,
      '--',
      ...daemon,
      '--json',
      '--kind',
      'virtual',
      ...where,
    ]);
  }

  /** Counts in the kernel what arrives in a namespace, by name of the counter. */
  async count(namespace: string, rules: Readonly<Record<string, string>>): Promise<void> {
    const names = Object.keys(rules);
    const text = `table inet ground {
${names.map((name) => `counter ${name} { }`).join('\n')}
chain seen { type filter hook prerouting priority raw;
${names.map((name) => `${rules[name]} counter name ${name}`).join('\n')}
}
}`;
    const loaded = await this.bench.lab.run(namespace, ['nft', '-f', '-'], { input: `${text}\n` });
    if (loaded.code !== 0) throw new Error(loaded.stderr);
  }

  /** Packets of a counter so far. */
  async counted(namespace: string, name: string): Promise<number> {
    const listed = await this.bench.lab.run(namespace, ['nft', 'list', 'counter', 'inet', 'ground', name]);
    const packets = /packets (\d+)/.exec(listed.stdout)?.[1];
    if (packets === undefined) throw new Error(`${namespace} has no counter ${name}: ${listed.stderr}`);
    return Number(packets);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#console?.stop();
    await this.deployment[Symbol.asyncDispose]();
    await this.bench[Symbol.asyncDispose]();
  }
}

/** Knows the far host's name and address, and writes down each question. */
async function nameServer(bench: NetworkBench, namespace: string): Promise<NamespaceProcess> {
  const names = ['--no-resolv', '--no-hosts', `--host-record=${far.name},${far.address}`, '--local=/corp.example/'];
  const how = ['-d', '-C', '/dev/null', '--log-queries', '--log-facility=-', '--user=root', '--pid-file='];
  const started = bench.lab.start(namespace, ['dnsmasq', ...how, ...names, '--bind-interfaces', '--port=53']);
  await started.waitFor(/started/);
  return started;
}
