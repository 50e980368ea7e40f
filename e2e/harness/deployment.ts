import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Appliance, appliance as applianceSchema } from '@picket/contracts/api/appliance';
import { page } from '@picket/contracts/api/page';
import { type ScanDetail, type ScanRequest, scanDetail } from '@picket/contracts/api/scan';
import { z } from 'zod';
import { AdminClient } from '../../packages/cli/src/admin/admin-client.ts';
import { type PlatformStatus, platformStatus } from '../../packages/cli/src/start/platform-status.ts';
import { type Launch, Program } from './process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
const created = z.looseObject({ id: z.number().int() });
const ended = new Set<ScanDetail['status']>(['finished', 'canceled', 'error']);

export interface DeploymentOptions {
  /** Where the platform's process runs, and the address that it listens on there. */
  readonly platform: { readonly launch: Launch; readonly listen: string; readonly port: number };
  readonly appliance: { readonly launch: Launch };
  /** Port in the enrolment string, where it is not the platform's own: a relay stands before it. */
  readonly publicPort?: number;
  /** Name in the enrolment string; default: the address that the platform listens on. */
  readonly publicHost?: string;
  /** PostgreSQL instead of the embedded database. */
  readonly databaseUrl?: string;
  /** Further arguments of the appliance's daemon. */
  readonly applianceArgs?: readonly string[];
  /** Entry point of the appliance below `packages/appliance/src`; default: the daemon without a launcher. */
  readonly applianceEntry?: string;
  /** Folder of the appliance's state; default: below the deployment's own. */
  readonly applianceState?: string;
}

/** A platform and an appliance as their own processes, in places of their own, as a customer runs them. */
export class Deployment implements AsyncDisposable {
  readonly folder: string;
  readonly platform: Program;
  readonly appliance: Program;
  readonly client: AdminClient;
  readonly applianceState: string;
  #status: PlatformStatus | null = null;

  private constructor(folder: string, options: DeploymentOptions) {
    this.folder = folder;
    this.applianceState = options.applianceState ?? join(folder, 'appliance');
    const data = join(folder, 'platform');
    const { listen, port, launch } = options.platform;
    const url = `https://${options.publicHost ?? listen}:${options.publicPort ?? port}`;
    const args = ['--data', data, '--listen', listen, '--port', String(port), '--public-url', url];
    const env: Readonly<Record<string, string>> =
      options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl };
    this.platform = new Program(launch, [...node, join(root, 'packages/platform/src/main.ts'), ...args], env);
    // The enrolment string stands in a file that `enrol` fills: it is known only once the platform runs.
    const daemon = [
      '--state',
      this.applianceState,
      '--content',
      join(root, 'content'),
      '--json',
      ...(options.applianceArgs ?? []),
    ];
    const enrolment = ['--enrolment', join(folder, 'enrolment')];
    this.appliance = new Program(options.appliance.launch, [
      ...node,
      join(root, 'packages/appliance/src', options.applianceEntry ?? 'daemon/main.ts'),
      ...daemon,
      ...enrolment,
    ]);
    this.client = new AdminClient(data);
  }

  /** Makes the folders; nothing runs yet. */
  static async create(options: DeploymentOptions): Promise<Deployment> {
    const folder = await mkdtemp(join(tmpdir(), 'picket-e2e-'));
    await mkdir(join(folder, 'platform'), { mode: 0o700 });
    return new Deployment(folder, options);
  }

  /** Starts the platform and waits until it serves. */
  async startPlatform(): Promise<PlatformStatus> {
    const line = await this.platform.start(/^.*"event":"ready".*$/m, 90_000);
    this.#status = platformStatus.parse(JSON.parse(line[0]));
    return this.#status;
  }

  get enrolment(): string {
    if (!this.#status) throw new Error('the platform has not started yet');
    return this.#status.enrolment;
  }

  /** Starts the appliance, enters the code that it shows, and waits until the platform hears from it. */
  async enrol(name: string, networkIds: readonly number[]): Promise<Appliance> {
    await writeFile(join(this.folder, 'enrolment'), this.enrolment);
    const shown = await this.appliance.start(/"activationCode":"([0-9]+)"/);
    const made = await this.client.post('/api/v1/appliances/activate', { code: shown[1], name, networkIds }, created);
    await this.appliance.waitFor(/"state":"ready"/);
    return this.untilAppliance(made.id, (each) => each.online);
  }

  /** Starts an enrolled appliance again. */
  async restartAppliance(): Promise<void> {
    await this.appliance.start(/"state":"ready"/);
  }

  async network(name: string, ranges: string, applianceIds: readonly number[] = []): Promise<number> {
    return (await this.client.post('/api/v1/networks', { name, ranges, exclusions: '', applianceIds }, created)).id;
  }

  /** Launches and returns the scan's id. */
  async launch(request: Partial<ScanRequest> & Pick<ScanRequest, 'kind' | 'networkId' | 'targets'>): Promise<number> {
    return (await this.client.post('/api/v1/scans', request, created)).id;
  }

  async scan(id: number): Promise<ScanDetail> {
    return this.client.get(`/api/v1/scans/${id}`, scanDetail);
  }

  /** Waits until a scan is as `holds` wants it; fails naming its last state. */
  async untilScan(id: number, holds: (scan: ScanDetail) => boolean, deadlineMs = 300_000): Promise<ScanDetail> {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const scan = await this.scan(id);
      if (holds(scan)) return scan;
      if (performance.now() > deadline) {
        throw new Error(
          `scan ${id} is ${scan.status} at ${scan.progress} after ${deadlineMs} ms: ${scan.statusReason}\n${this.tails()}`,
        );
      }
      await delay(200);
    }
  }

  /** Waits until a scan ended, however. */
  async untilEnded(id: number, deadlineMs = 300_000): Promise<ScanDetail> {
    return this.untilScan(id, (scan) => ended.has(scan.status), deadlineMs);
  }

  async untilAppliance(id: number, holds: (each: Appliance) => boolean, deadlineMs = 60_000): Promise<Appliance> {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const { items } = await this.client.get('/api/v1/appliances?limit=500', page(applianceSchema));
      const found = items.find((each) => each.id === id);
      if (found && holds(found)) return found;
      if (performance.now() > deadline) throw new Error(`appliance ${id}: ${JSON.stringify(found)}\n${this.tails()}`);
      await delay(100);
    }
  }

  /** The ends of both logs, for a failure's message. */
  tails(): string {
    return `platform: ${this.platform.log.slice(-3000)}\nappliance: ${this.appliance.log.slice(-3000)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of [this.appliance, this.platform]) await program.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}
