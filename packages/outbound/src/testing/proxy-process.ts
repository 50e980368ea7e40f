import { readFile, rm } from 'node:fs/promises';
import { systemClock } from '@picket/base/adapters/system';
import type { RunningProcess } from '@picket/testkit/running-process';

/** Where a real proxy of a test runs: on this machine or in a namespace of a lab. */
export interface ProxyPlace {
  readonly launch: (argv: readonly string[]) => RunningProcess;
  /** Address and port that it listens on, seen from where it runs. */
  readonly listen: string;
  readonly port: number;
  /** Folder of its own, which every user may enter. */
  readonly folder: string;
}

/** A real proxy that listens. */
export class ProxyProcess implements AsyncDisposable {
  readonly place: ProxyPlace;
  readonly #running: RunningProcess;

  private constructor(place: ProxyPlace, running: RunningProcess) {
    this.place = place;
    this.#running = running;
  }

  /** Starts it and waits until the kernel of its namespace has its socket. */
  static async start(place: ProxyPlace, argv: readonly string[]): Promise<ProxyProcess> {
    const running = place.launch(argv);
    const proxy = new ProxyProcess(place, running);
    const line = new RegExp(
      `^ *[0-9]+: [0-9A-F]+:${place.port.toString(16).toUpperCase().padStart(4, '0')} [0-9A-F:]+ 0A `,
      'm',
    );
    for (let turn = 0; turn < 600; turn += 1) {
      const tables = ['tcp', 'tcp6'].map((name) =>
        readFile(`/proc/${running.pid}/net/${name}`, 'latin1').catch(() => ''),
      );
      if (line.test((await Promise.all(tables)).join('\n'))) return proxy;
      await systemClock.sleep(50);
    }
    await proxy.stop();
    throw new Error(`${argv.at(-1)} does not listen: ${running.output().slice(-2000)} ${await proxy.log('cache.log')}`);
  }

  /** What it wrote into a file of its folder. */
  log(name: 'access.log' | 'cache.log'): Promise<string> {
    return readFile(`${this.place.folder}/${name}`, 'utf8').catch(() => '');
  }

  async stop(): Promise<void> {
    await this.#running.stop('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.place.folder, { recursive: true, force: true });
  }
}
