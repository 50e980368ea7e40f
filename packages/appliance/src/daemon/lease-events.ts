import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { EngineEvent, SpooledEvent } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';
import type { Ending, LeaseStore } from './adapters/lease-store.ts';
import type { Spool } from './spool/spool.ts';

export interface LeaseEventsDeps {
  readonly spool: Spool;
  readonly store: Pick<LeaseStore, 'journal' | 'readJournal' | 'dropJournal'>;
  readonly log: Log;
  /** So many events of the worker are durable: it need not keep them any longer. */
  readonly onDurable: (count: number) => void;
}

/** Where the events of one lease go: into the spool, for the platform, and into the journal, for a worker that has to go on with the slice. */
export class LeaseEvents {
  readonly #lease: Lease;
  readonly #deps: LeaseEventsDeps;
  #inFlight = 0;
  #settled: { readonly event: EngineEvent; readonly fromWorker: boolean }[] = [];
  #settling = false;
  #journalEnded = false;
  #idleListeners: (() => void)[] = [];

  constructor(lease: Lease, deps: LeaseEventsDeps) {
    this.#lease = lease;
    this.#deps = deps;
  }

  /** Takes one event. It is durable when nothing is under way any more (`drained`). */
  put(event: EngineEvent, fromWorker: boolean): void {
    const urgent = event.type === 'unit' && event.state !== 'running';
    this.#inFlight += 1;
    this.#append(event, urgent).then(
      () => {
        this.#settled.push({ event, fromWorker });
        if (!this.#settling) void this.#settle();
      },
      () => {},
    );
  }

  /** Puts the end of the slice into the spool. Resolves with its number there. */
  close(ending: Ending): Promise<number> {
    return this.#append({ type: 'slice', ...ending }, true);
  }

  /** Resolves when all that was put is durable. */
  drained(): Promise<void> {
    return this.#inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#idleListeners.push(resolve));
  }

  /** Resolves when the platform has the event of this number, and all before it. */
  uploaded(seq: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#deps.spool.onChange(() => check());
      const check = () => {
        if (this.#deps.spool.acked <= seq) return;
        stop();
        resolve();
      };
      check();
    });
  }

  /** What has happened so far, for a new worker; from here on it is journalled again. */
  async soFar(): Promise<readonly EngineEvent[]> {
    const events = await this.#deps.store.readJournal(this.#lease.leaseId);
    this.#journalEnded = false;
    return events;
  }

  /** Room on the disk goes to the results first: a worker that crashes now begins the slice anew, and nothing is lost. */
  async giveUpJournal(detail: string): Promise<void> {
    if (this.#journalEnded) return;
    this.#journalEnded = true;
    this.#deps.log.write('warning', 'journal.ended', { detail });
    await this.#deps.store.dropJournal(this.#lease.leaseId).catch(() => {});
  }

  #append(event: SpooledEvent['event'], urgent: boolean): Promise<number> {
    const { scanId, sliceId, leaseId } = this.#lease;
    return this.#deps.spool.append({ scan: scanId, slice: sliceId, lease: leaseId, event }, urgent);
  }

  /** Journals what is durable, then tells the worker that it is: in this order. */
  async #settle(): Promise<void> {
    this.#settling = true;
    while (this.#settled.length > 0) {
      const batch = this.#settled;
      this.#settled = [];
      await this.#journal(batch.map(({ event }) => event));
      this.#inFlight -= batch.length;
      const ofWorker = batch.filter(({ fromWorker }) => fromWorker).length;
      if (ofWorker > 0) this.#deps.onDurable(ofWorker);
    }
    this.#settling = false;
    if (this.#inFlight === 0) for (const listener of this.#idleListeners.splice(0)) listener();
  }

  /**
   * The journal is always a prefix of what happened, so that a unit that counts as ended has its facts in it. When it
   * can't be written it is given up.
   */
  async #journal(events: readonly EngineEvent[]): Promise<void> {
    if (this.#journalEnded) return;
    try {
      await this.#deps.store.journal(this.#lease.leaseId, events);
    } catch (error) {
      await this.giveUpJournal(describeError(error));
    }
  }
}
