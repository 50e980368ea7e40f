import { join } from 'node:path';
import { provisionedAppliance } from '@picket/contracts/api/appliance';
import { NetworkLab, type NamespaceProcess } from '@picket/testkit/namespaces/network-lab';
import pg from 'pg';
import { daemonProgram } from './daemon.ts';
import { Deployment } from './deployment.ts';
import { Program } from './process.ts';

const root = join(import.meta.dirname, '../..');
const platform = { listen: '10.96.0.1', port: 8443 };
/** Milliseconds until a login says its first word: what a scan waits for, so that several appliances wait side by side. */
const waitMs = 2000;

export const poolNames = ['one', 'two', 'three'] as const;
export type PoolName = (typeof poolNames)[number];

/** A slice as the database has it, with the appliances that ever held it. */
export interface PoolSlice {
  readonly blocks: readonly string[];
  readonly state: string;
  readonly attempt: number;
  readonly holders: readonly PoolName[];
}

/** A platform, three appliances and one network of hosts, each in a namespace of its own; management goes over other wires than scanning. */
export class PoolGround implements AsyncDisposable {
  readonly lab: NetworkLab;
  readonly deployment: Deployment;
  readonly appliances: ReadonlyMap<PoolName, { readonly id: number; readonly program: Program }>;
  readonly networkId: number;
  readonly #databaseUrl: string;
  readonly #services: Program;

  private constructor(parts: {
    lab: NetworkLab;
    deployment: Deployment;
    appliances: ReadonlyMap<PoolName, { id: number; program: Program }>;
    networkId: number;
    databaseUrl: string;
    services: Program;
  }) {
    this.lab = parts.lab;
    this.deployment = parts.deployment;
    this.appliances = parts.appliances;
    this.networkId = parts.networkId;
    this.#databaseUrl = parts.databaseUrl;
    this.#services = parts.services;
  }

  /** `leaseSeconds`: how long an appliance that is not heard of keeps its slice. */
  static async open(databaseUrl: string, leaseSeconds: number): Promise<PoolGround> {
    const lab = new NetworkLab('pool');
    await wire(lab);
    const inside = (name: string) => (argv: readonly string[], env: Readonly<Record<string, string>>) =>
      lab.start(name, argv, { env });
    const services = new Program(inside('target'), [
      process.execPath,
      join(root, 'e2e/programs/slow-logins.ts'),
      String(waitMs),
    ]);
    await services.start(/ready/);
    const deployment = await Deployment.create({
      platform: {
        launch: (argv, env) => inside('platform')(argv, { ...env, PICKET_LEASE_SECONDS: String(leaseSeconds) }),
        ...platform,
      },
      appliance: { launch: inside('one') },
      databaseUrl,
    });
    await deployment.startPlatform();
    const networkId = await deployment.network('Pool', '10.97.4.0/24');
    const appliances = new Map<PoolName, { id: number; program: Program }>();
    for (const name of poolNames) {
      const body = { name, networkIds: [networkId] };
      const made = await deployment.client.post('/api/v1/appliances/provision', body, provisionedAppliance);
      const code = ['--enrolment', made.enrolment, '--personalization-code', made.personalizationCode];
      const program = daemonProgram(inside(name), join(deployment.folder, name), code);
      appliances.set(name, { id: made.appliance.id, program });
      await program.start(/"state":"ready"/, 120_000);
      await deployment.untilAppliance(made.appliance.id, (each) => each.online);
    }
    return new PoolGround({ lab, deployment, appliances, networkId, databaseUrl, services });
  }

  appliance(name: PoolName): { readonly id: number; readonly program: Program } {
    const found = this.appliances.get(name);
    if (!found) throw new Error(`there is no appliance ${name}`);
    return found;
  }

  /** The slices of a scan, past the platform. */
  async slices(scanId: number): Promise<readonly PoolSlice[]> {
    const rows = await this.query<{ blocks: string[]; state: string; attempt: number; holders: PoolName[] }>(
      `select s.blocks, s.state, s.attempt,
         (select coalesce(json_agg(a.name order by l.attempt), '[]') from slice_lease l join appliance a on a.id = l.appliance_id where l.slice_id = s.id) as holders
       from slice s where s.scan_id = $1 order by s.number, s.id`,
      scanId,
    );
    return rows;
  }

  /** Rows of a query with the scan as its only parameter. */
  async query<T extends pg.QueryResultRow>(text: string, scanId: number): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    await client.connect();
    try {
      return (await client.query<T>(text, [scanId])).rows;
    } finally {
      await client.end();
    }
  }

  /** Watches who opens connections to which host, at the hosts; the answer ends it. */
  async watch(): Promise<() => Promise<ReadonlyMap<string, ReadonlySet<PoolName>>>> {
    const file = join(this.deployment.folder, `pool-${performance.now()}.pcap`);
    const filter = 'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn and dst net 10.97.4.0/24';
    const argv = ['tcpdump', '-i', 'lan0', '-n', '-U', '-s', '80', '-Z', 'root', '-w', file, filter];
    const tcpdump: NamespaceProcess = this.lab.start('target', argv);
    await tcpdump.waitFor(/listening on/);
    return async () => {
      await tcpdump.stop('SIGINT');
      const { stdout } = await this.lab.run('target', ['tcpdump', '-nn', '-q', '-r', file]);
      return probers(stdout);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { program } of this.appliances.values()) await program.stop('SIGKILL');
    await this.deployment[Symbol.asyncDispose]();
    await this.#services[Symbol.asyncDispose]();
    await this.lab.close();
  }
}

async function wire(lab: NetworkLab): Promise<void> {
  for (const bridge of ['mgmt', 'lan']) await lab.addBridge(bridge);
  for (const name of ['platform', 'target', ...poolNames]) await lab.addNamespace(name);
  await lab.connect('platform', 'mgmt', 'mgmt0', [`${platform.listen}/24`]);
  await lab.connect('target', 'lan', 'lan0', ['10.97.0.2/21']);
  // Every address of the range is the target's own.
  await lab.run('target', ['ip', 'route', 'add', 'local', '10.97.4.0/24', 'dev', 'lo']);
  for (const [index, name] of poolNames.entries()) {
    await lab.connect(name, 'mgmt', 'mgmt0', [`10.96.0.${index + 11}/24`]);
    await lab.connect(name, 'lan', 'lan0', [`10.97.0.${index + 11}/21`]);
  }
}

/** From tcpdump's lines: `10.97.4.7:80` and the appliances that opened connections to it. */
function probers(lines: string): ReadonlyMap<string, ReadonlySet<PoolName>> {
  const found = new Map<string, Set<PoolName>>();
  for (const [, last, host, port] of lines.matchAll(/IP 10\.97\.0\.(\d+)\.\d+ > (10\.97\.4\.\d+)\.(\d+):/g)) {
    const name = poolNames[Number(last) - 11];
    if (!name) continue;
    const key = `${host}:${port}`;
    const set = found.get(key) ?? new Set();
    found.set(key, set.add(name));
  }
  return found;
}
