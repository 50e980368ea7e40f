import type { Clock } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { LeaseRecord, LeaseStore } from './adapters/lease-store.ts';

export interface RecordKeeperDeps {
  readonly store: Pick<LeaseStore, 'save'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  /** The disk takes nothing: what can be done without has to make room. */
  readonly makeRoom: () => Promise<void>;
  /** Ends the waiting for a full disk. */
  readonly signal: AbortSignal;
}

const diskRetryMs = 1000;

/** Keeps the newest record of one lease on the disk, one write at a time, and waits out a disk that is full. */
export class LeaseRecordKeeper {
  readonly #leaseId: string;
  readonly #deps: RecordKeeperDeps;
  #latest: LeaseRecord | null = null;
  #saving: Promise<void> | null = null;

  constructor(leaseId: string, deps: RecordKeeperDeps) {
    this.#leaseId = leaseId;
    this.#deps = deps;
  }

  /** Resolves when this record, or a later one, is on the disk; also when the signal has aborted. */
  save(record: LeaseRecord): Promise<void> {
    this.#latest = record;
    this.#saving ??= this.#saveLatest().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #saveLatest(): Promise<void> {
    while (this.#latest !== null && !this.#deps.signal.aborted) {
      const record = this.#latest;
      this.#latest = null;
      await this.#untilDone(record);
    }
  }

  /** A record that came meanwhile takes the place of one that does not fit on the disk. */
  async #untilDone(record: LeaseRecord): Promise<void> {
    const { store, clock, log, makeRoom, signal } = this.#deps;
    while (!signal.aborted) {
      try {
        return await store.save(this.#leaseId, this.#latest ?? record);
      } catch (error) {
        log.write('error', 'lease.disk', { detail: describeError(error) });
        await makeRoom().catch(() => {});
        await clock.sleep(diskRetryMs, signal).catch(() => {});
      }
    }
  }
}
