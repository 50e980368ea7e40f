import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, nsStart } from '../../lab/lab-control.ts';
import type { Launch } from './process.ts';

const clockSource = fileURLToPath(new URL('../programs/shifted-clock.c', import.meta.url));
const withOwnFiles = `mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/etc,workdir=$1/work" /etc
mount --bind "$1/resolv.conf" /etc/resolv.conf
shift
exec "$@"`;

/** The machine of an appliance in a lab: it has a resolver file, a wall clock and a disk of its own for its state. */
export class ApplianceMachine implements AsyncDisposable {
  readonly #folder: string;
  readonly launch: Launch;

  private constructor(lab: Lab, folder: string) {
    this.#folder = folder;
    this.launch = (argv, env) =>
      nsStart(lab, 'scanner', ['unshare', '--mount', 'sh', '-ec', withOwnFiles, 'sh', folder, ...argv], env);
  }

  /** `dns`: the server of its resolver file. `diskMegabytes`: room for its state. Needs a C compiler for the clock. */
  static async make(lab: Lab, dns: string, diskMegabytes: number): Promise<ApplianceMachine> {
    const folder = await mkdtemp(join(tmpdir(), 'picket-machine-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    const machine = new ApplianceMachine(lab, folder);
    for (const name of ['etc', 'work', 'disk']) await mkdir(join(folder, name));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', machine.disk]);
    await mkdir(machine.state, { mode: 0o700 });
    await writeFile(join(folder, 'resolv.conf'), `nameserver ${dns}\n`);
    await machine.shiftClock(0);
    const [library, offset] = [join(folder, 'clock.so'), join(folder, 'clock-offset')];
    const how = ['-shared', '-fPIC', '-O2', `-DOFFSET_FILE="${offset}"`];
    execFileSync('cc', [...how, '-o', library, clockSource]);
    await writeFile(join(folder, 'etc', 'ld.so.preload'), `${library}\n`);
    return machine;
  }

  /** Where the state is; nothing else is on that disk. */
  get disk(): string {
    return join(this.#folder, 'disk');
  }

  get state(): string {
    return join(this.disk, 'appliance');
  }

  /** Its wall clock is wrong by so much from now on. */
  async shiftClock(seconds: number): Promise<void> {
    await writeFile(join(this.#folder, 'clock-offset'), `${seconds}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const mounted of [this.disk, this.#folder]) execFileSync('umount', ['-l', mounted]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
