import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NamespaceProcess } from '@picket/testkit/namespaces/network-lab';
import { Tmux } from '../../packages/appliance/src/testing/tmux.ts';
import { type Lab, nsStart } from '../../lab/lab-control.ts';
import { ApplianceMachine } from './appliance-machine.ts';
import { Deployment } from './deployment.ts';
import { doorCertificate, type DoorCertificate, makeDoorCertificates } from './door-certificates.ts';
import { Program } from './process.ts';
import { ScreenRecord } from './screen-record.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
const platformName = 'platform.picket.test';
const [doorPort, platformPort] = [8443, 8444];
/** Room for the state: the compiled code that it keeps takes some 15 MB, and is kept only where it fits. */
const diskMegabytes = 48;

/**
 * A platform and an appliance in a lab, where everything on the way between them can go wrong while a scan runs: the cable, the DNS server that knows the
 * platform's name, the appliance's clock and disk, and a door before the platform that presents another certificate on demand. A console on a real
 * terminal is attached, and everything it shows is kept.
 */
export class FaultGround implements AsyncDisposable {
  readonly lab: Lab;
  readonly deployment: Deployment;
  readonly machine: ApplianceMachine;
  readonly #door: Program;
  readonly #dns: NamespaceProcess;
  #console: { readonly tmux: Tmux; readonly record: ScreenRecord } | null = null;

  private constructor(
    lab: Lab,
    parts: Pick<FaultGround, 'deployment' | 'machine'> & { readonly dns: NamespaceProcess },
  ) {
    this.lab = lab;
    this.deployment = parts.deployment;
    this.machine = parts.machine;
    this.#dns = parts.dns;
    const { ipv4 } = lab.truth.managementNetwork.platform;
    const ends = ['--listen', `${ipv4}:${doorPort}`, '--to', `${ipv4}:${platformPort}`];
    const argv = [...node, join(root, 'e2e/programs/faulty-door.ts'), ...ends, '--mode', this.#mode];
    this.#door = new Program((words, env) => nsStart(lab, 'platform', words, env), argv);
  }

  /** Everything but the appliance runs. */
  static async open(lab: Lab, databaseUrl: string): Promise<FaultGround> {
    const { ipv4 } = lab.truth.managementNetwork.platform;
    const machine = await ApplianceMachine.make(lab, ipv4, diskMegabytes);
    const dns = await startDns(lab, ipv4);
    const deployment = await Deployment.create({
      platform: {
        launch: (argv, env) => nsStart(lab, 'platform', argv, env),
        listen: ipv4,
        port: platformPort,
      },
      appliance: { launch: machine.launch },
      applianceState: machine.state,
      publicHost: platformName,
      publicPort: doorPort,
      databaseUrl,
    });
    const ground = new FaultGround(lab, { deployment, machine, dns });
    try {
      await ground.door('pass');
      await deployment.startPlatform();
      await makeDoorCertificates(deployment.folder, platformName);
      return ground;
    } catch (error) {
      await ground[Symbol.asyncDispose]();
      throw error;
    }
  }

  get #mode(): string {
    return join(this.deployment.folder, 'door-mode');
  }

  /** What its console shows, once it is attached. */
  get screens(): ScreenRecord {
    if (this.#console === null) throw new Error('no console is attached yet');
    return this.#console.record;
  }

  /** Enrols the appliance, and attaches a console. */
  async enrol(networkId: number): Promise<number> {
    const { id } = await this.deployment.enrol('lab-scanner', [networkId]);
    const command = [...node, join(root, 'packages/appliance/src/console/main.ts'), '--state', this.machine.state];
    const tmux = await Tmux.start('faults', { columns: 80, rows: 24 }, command);
    this.#console = { tmux, record: new ScreenRecord(tmux) };
    await this.screens.until(ready, 60_000);
    return id;
  }

  /** The door does so from now on. Sessions that are open end: it is another process. */
  async door(mode: string): Promise<void> {
    await writeFile(this.#mode, `${mode}\n`);
    await this.#door.stop('SIGKILL');
    await this.#door.start(/door ready/);
  }

  /** Something before the platform presents this certificate in its place, and hands requests on. */
  async present(kind: DoorCertificate): Promise<void> {
    await this.door(`terminate ${doorCertificate(this.deployment.folder, kind)}`);
  }

  /** The DNS server answers nothing, or what came in meanwhile too. */
  answerNames(answers: boolean): void {
    this.#dns.child.kill(answers ? 'SIGCONT' : 'SIGSTOP');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#console?.record[Symbol.asyncDispose]();
    await this.#console?.tmux.stop();
    await this.deployment[Symbol.asyncDispose]();
    await this.#door.stop('SIGKILL');
    await this.#dns.stop('SIGKILL');
    await this.machine[Symbol.asyncDispose]();
  }
}

/** NAME–IP. */
export const ready = /^lab-scanner \d+\.\d+\.\d+\.\d+$/;

async function startDns(lab: Lab, address: string): Promise<NamespaceProcess> {
  const how = ['-d', '-C', '/dev/null', '--user=root', '--pid-file=', '--no-resolv', '--no-hosts', '--port=53'];
  const where = ['--bind-interfaces', '--except-interface=lo', `--listen-address=${address}`, '--local=/picket.test/'];
  const names = [`--host-record=${platformName},${address}`];
  const started = nsStart(lab, 'platform', ['dnsmasq', ...how, ...where, ...names]);
  await started.waitFor(/started/);
  return started;
}
