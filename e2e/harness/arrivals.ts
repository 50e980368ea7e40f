import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** When TCP segments last came in to the network namespace of a process, from the kernel's own counter. */
export class Arrivals implements Disposable {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #count: number;
  #lastAt = 0;

  /** `pid`: any process inside the namespace. The counter is read every 20 ms. */
  constructor(pid: number) {
    this.#pid = pid;
    this.#count = this.#read();
    this.#timer = setInterval(() => this.#look(), 20);
  }

  get count(): number {
    this.#look();
    return this.#count;
  }

  /** Milliseconds of `performance.now()` at the last arrival that was noticed. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Resolves once `more` segments came in from now on. */
  async until(more: number, deadlineMs: number): Promise<void> {
    const goal = this.#count + more;
    const deadline = performance.now() + deadlineMs;
    while (this.#count < goal) {
      if (performance.now() > deadline) throw new Error(`${goal - this.#count} segments are missing at the target`);
      await delay(20);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = this.#read();
    if (now !== this.#count) this.#lastAt = performance.now();
    this.#count = now;
  }

  /** `InSegs` of the second `Tcp:` line of /proc/net/snmp (proc_pid_net(5)). */
  #read(): number {
    const [names, values] = readFileSync(`/proc/${this.#pid}/net/snmp`, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('Tcp:'))
      .map((line) => line.split(' '));
    return Number(values?.[names?.indexOf('InSegs') ?? -1]);
  }
}
