import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import type { ProxyPlace, ProxyProcess } from '../../packages/outbound/src/testing/proxy-process.ts';
import { Deployment } from './deployment.ts';
import { Program } from './process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The proxy on the inner network; the outer one behind it holds the platform and is not reachable from the inner. */
export const proxyAddress = '10.44.0.1';
const platform = { listen: '10.45.0.2', port: 8443 };
/** Hosts that are scanned, on the inner network, and their open ports. */
export const targets = { range: '10.44.0.32/28', hosts: 6, ports: [8080, 8081, 8082] } as const;
const [proxyPort, relayPort] = [3128, 3129];

/**
 * An appliance on an inner network whose only way out is a proxy, a platform on an outer one. No packet is routed between the two.
 */
export class ProxyGround implements AsyncDisposable {
  readonly lab: NetworkLab;
  readonly folder: string;
  #closing: AsyncDisposable[] = [];

  private constructor(lab: NetworkLab, folder: string) {
    this.lab = lab;
    this.folder = folder;
  }

  static async open(): Promise<ProxyGround> {
    const lab = new NetworkLab('px');
    const ground = new ProxyGround(lab, await mkdtemp(join(tmpdir(), 'picket-proxied-')));
    for (const bridge of ['inner', 'outer']) await lab.addBridge(bridge);
    for (const name of ['box', 'proxy', 'platform', 'target']) await lab.addNamespace(name);
    await lab.connect('box', 'inner', 'lan0', ['10.44.0.10/24']);
    await lab.connect('proxy', 'inner', 'in0', [`${proxyAddress}/24`]);
    await lab.connect('proxy', 'outer', 'out0', ['10.45.0.1/24']);
    await lab.connect('platform', 'outer', 'out0', [`${platform.listen}/24`]);
    const addresses = Array.from({ length: targets.hosts }, (_, index) => `10.44.0.${33 + index}/24`);
    await lab.connect('target', 'inner', 'lan0', addresses);
    for (const port of targets.ports)
      lab.start('target', ['socat', `TCP4-LISTEN:${port},fork,reuseaddr`, 'EXEC:echo hello']);
    return ground;
  }

  /** A proxy of the given kind, which lives until the ground ends. */
  async proxy(start: (place: ProxyPlace) => Promise<ProxyProcess>): Promise<ProxyProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'picket-proxy-'));
    const launch = (argv: readonly string[]) => this.lab.start('proxy', argv);
    const proxy = await start({ launch, listen: '0.0.0.0', port: proxyPort, folder });
    this.#closing.push(proxy);
    return proxy;
  }

  /** A relay before the proxy that cuts sessions; its port is what the appliance then uses. */
  async cuttingRelay(limits: { readonly bytes: number; readonly milliseconds: number }): Promise<Program> {
    const relay = new Program(
      (argv, env) => this.lab.start('proxy', argv, { env }),
      [
        process.execPath,
        join(root, 'e2e/programs/relay.ts'),
        `--listen=${proxyAddress}:${relayPort}`,
        `--to=${proxyAddress}:${proxyPort}`,
        `--cut-after=${limits.bytes}`,
        '--times=1000000',
        `--cut-after-ms=${limits.milliseconds}`,
      ],
    );
    await relay.start(/relay ready/);
    this.#closing.push(relay);
    return relay;
  }

  /** Platform and appliance, the latter with these options for its proxy; the password is handed over in a file. */
  async deploy(proxy: {
    readonly user: string;
    readonly password: string;
    readonly relayed?: boolean;
    readonly auth?: string;
  }) {
    const password = join(this.folder, 'password');
    await writeFile(password, `${proxy.password}\n`, { mode: 0o600 });
    const url = `http://${proxyAddress}:${proxy.relayed === true ? relayPort : proxyPort}`;
    const login = ['--proxy', url, '--proxy-user', proxy.user, '--proxy-password', password];
    const deployment = await Deployment.create({
      platform: { launch: (argv, env) => this.lab.start('platform', argv, { env }), ...platform },
      appliance: { launch: (argv, env) => this.lab.start('box', argv, { env }) },
      applianceArgs: [...login, ...(proxy.auth === undefined ? [] : ['--proxy-auth', proxy.auth])],
    });
    this.#closing.push(deployment);
    return deployment;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#closing.reverse()) await each[Symbol.asyncDispose]();
    await this.lab.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
