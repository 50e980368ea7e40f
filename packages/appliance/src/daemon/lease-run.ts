import { type Clock, isoTime } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import { type EngineEvent, type EngineEventOf, type UnitRef, unitKey } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';
import { resumeFrom } from '@picket/contracts/resume';
import type { FromWorker } from '@picket/contracts/worker';
import type { Ending, LeaseRecord, LeaseStore } from './adapters/lease-store.ts';
import type { WorkerHandle, WorkerLauncher } from './adapters/worker-process.ts';
import type { PlatformTime } from './platform-time.ts';
import { LeaseEvents } from './lease-events.ts';
import { LeaseRecordKeeper } from './lease-record-keeper.ts';
import { fitEvent } from './spool/fit-event.ts';
import type { Spool } from './spool/spool.ts';
import { isWindowOver, windowEnd } from './window-end.ts';

export interface LeaseRunDeps {
  readonly spool: Spool;
  readonly store: LeaseStore;
  readonly launch: WorkerLauncher;
  readonly clock: Clock;
  readonly time: PlatformTime;
  readonly log: Log;
  readonly platformKey: string;
  readonly applianceId: number;
  /** So many deaths of the worker does a unit get before it counts as not evaluable. */
  readonly crashesPerUnit: number;
  /** The run's report, need of a worker, or existence changed. */
  readonly onChange: () => void;
}

export type Desired = 'run' | 'pause' | 'stop';
export type ReportedState = 'running' | 'paused' | 'ending';

/** A worker told to stop has this long before its process group is killed, milliseconds. */
const stopGraceMs = 1000;
/** A worker has this long after the end of its window to hand over what it found: sending it stopped by itself. Milliseconds. */
const windowGraceMs = 5000;
const windowClosed = { outcome: 'stopped', reason: 'window-closed' } as const;
/** How a slice ends that somebody at the console cancelled. */
const networkChanged = { by: 'console', detail: 'The network of the appliance was changed at its console.' } as const;
const restartDelayMs = 250;
/** Key in `crashes` for deaths while no unit was running. */
const noUnit = '*';

/**
 * One lease from its acceptance to the upload of its last event: keeps a scan worker at it, puts what the worker says
 * into the spool, and decides what a death of the worker means. Pauses at the end of an unrenewed lease.
 */
export class LeaseRun {
  readonly lease: Lease;
  readonly #deps: LeaseRunDeps;
  readonly #log: Log;
  readonly #events: LeaseEvents;
  readonly #records: LeaseRecordKeeper;
  #record: LeaseRecord;
  #desired: Desired | 'unknown';
  #worker: WorkerHandle | null = null;
  #workerSays: 'starting' | 'running' | 'paused' = 'starting';
  #pauseSent = false;
  #ended: Omit<Ending, 'time'> | null = null;
  #halted = false;
  #cancelled = false;
  #restarting = false;
  #finishing = false;
  #over = false;
  #runningUnits = new Map<string, UnitRef>();
  #expiry: AbortController | null = null;
  /** Its ending is on disk: whatever happens now, a restart included, it scans no more. */
  readonly #settledEnding = Promise.withResolvers<void>();
  readonly #closing = new AbortController();

  /** `desired` is `unknown` for a lease found on disk: it waits for the platform's word. */
  constructor(lease: Lease, record: LeaseRecord, desired: Desired | 'unknown', deps: LeaseRunDeps) {
    this.lease = lease;
    this.#record = record;
    this.#desired = desired;
    this.#deps = deps;
    this.#log = deps.log.with({ lease: lease.leaseId, scan: lease.scanId });
    this.#events = new LeaseEvents(lease, {
      ...deps,
      log: this.#log,
      onDurable: (count) => this.#worker?.send({ type: 'ack', count }),
    });
    this.#records = new LeaseRecordKeeper(lease.leaseId, {
      ...deps,
      log: this.#log,
      signal: this.#closing.signal,
      makeRoom: async () => {
        await this.#events.giveUpJournal('the lease needs its room');
        await deps.spool.makeRoom();
      },
    });
    if (record.ending !== null) this.#settledEnding.resolve();
    if (lease.window !== null) void this.#watchWindow().catch(() => {});
  }

  get state(): ReportedState {
    if (this.#finishing || this.#record.ending !== null) return 'ending';
    if (this.#worker === null) return this.#shouldPause() ? 'paused' : 'running';
    return this.#workerSays === 'paused' ? 'paused' : 'running';
  }

  /** Everything of it is with the platform, and nothing is left here. */
  get over(): boolean {
    return this.#over;
  }

  get hasWorker(): boolean {
    return this.#worker !== null || this.#restarting;
  }

  /** It would scan if it were given a worker. */
  get wantsWorker(): boolean {
    const idle = this.#worker === null && !this.#restarting && !this.#halted;
    return (
      idle &&
      this.state !== 'ending' &&
      this.#desired === 'run' &&
      !this.#expired() &&
      !isWindowOver(this.lease, this.#deps.time)
    );
  }

  get expiresAtMs(): number {
    return Date.parse(this.#record.expiresAt);
  }

  /** The platform's word from a poll. */
  async apply(desired: Desired, expiresAt: string): Promise<void> {
    if (this.state === 'ending' || this.#cancelled) return;
    this.#halted = false;
    this.#desired = desired;
    if (desired === 'stop') return this.#stop();
    const renewed = expiresAt !== this.#record.expiresAt;
    if (renewed) {
      this.#record = { ...this.#record, expiresAt };
      this.#worker?.send({ type: 'renew', expiresAt });
    }
    this.#steer();
    // On a full disk this takes long; a start after a crash then goes by the older end and asks the platform.
    if (renewed) await this.#records.save(this.#record);
  }

  /** Ends the worker at once and keeps everything: the daemon stops, or the platform took the appliance's right to scan. */
  halt(): void {
    this.#halted = true;
    this.#expiry?.abort();
    this.#worker?.kill();
  }

  /**
   * Ends it and keeps what was found, whatever the platform says later: the network changes under it. Resolves once that is on disk, also
   * while the platform is out of reach: nobody could mend the network otherwise.
   */
  async cancel(): Promise<void> {
    if (this.state !== 'ending' && !this.#cancelled) {
      this.#cancelled = true;
      this.#desired = 'stop';
      void this.#stop();
    }
    await this.#settledEnding.promise;
  }

  /** The spool has no room: what can be done without goes first. */
  spoolFull(): void {
    void this.#events.giveUpJournal('the spool needs its room');
  }

  /** Gives up waiting for disk and clock; for the end of the daemon. */
  close(): void {
    this.halt();
    this.#closing.abort(new Error('the daemon stops'));
  }

  async startWorker(): Promise<void> {
    if (!this.wantsWorker) return;
    this.#restarting = true;
    const events = await this.#events.soFar();
    this.#restarting = false;
    if (!this.wantsWorker) return;
    this.#workerSays = 'starting';
    this.#pauseSent = false;
    this.#runningUnits.clear();
    const worker = this.#deps.launch({
      onMessage: (message) => this.#onMessage(message),
      onExit: (how) => void this.#onExit(how),
    });
    this.#worker = worker;
    this.#log.write('info', 'worker.started', { pid: worker.pid });
    worker.send({
      type: 'start',
      lease: this.#record.signed,
      platformKey: this.#deps.platformKey,
      applianceId: this.#deps.applianceId,
      clockOffsetMs: this.#deps.time.offsetMs(),
      expiresAt: this.#record.expiresAt,
      resume: resumeFrom(events),
    });
    this.#steer();
    this.#deps.onChange();
  }

  /** Goes on with an ending that a crash interrupted. `sliceSeq`: its closing event is in the spool already. */
  async resumeEnding(sliceSeq: number | null): Promise<void> {
    const { ending } = this.#record;
    if (ending === null) return;
    this.#finishing = true;
    await this.#close(ending, sliceSeq);
  }

  #onMessage(message: FromWorker): void {
    switch (message.type) {
      case 'event':
        this.#onEvent(message.event);
        return;
      case 'paused':
      case 'running':
        this.#workerSays = message.type;
        this.#deps.onChange();
        return;
      case 'ended': {
        const { type: _, ...ended } = message;
        this.#ended = ended;
        return;
      }
      case 'refused':
        this.#log.write('error', 'worker.refused', { code: message.code });
        this.#ended = { outcome: 'incomplete', reason: 'internal-error', detail: message.message };
        return;
      case 'ready':
        return;
    }
  }

  #onEvent(event: EngineEvent): void {
    if (this.#ended !== null) return;
    if (event.type === 'unit') this.#track(event);
    this.#events.put(fitEvent(event), true);
  }

  #track(event: EngineEventOf<'unit'>): void {
    if (event.state === 'running') {
      this.#runningUnits.set(unitKey(event.unit), event.unit);
    } else {
      this.#runningUnits.delete(unitKey(event.unit));
      delete this.#record.crashes[noUnit];
    }
  }

  async #onExit(how: string): Promise<void> {
    this.#restarting = true;
    this.#worker = null;
    this.#log.write(this.#ended === null ? 'warning' : 'info', 'worker.ended', { how });
    await this.#events.drained();
    this.#restarting = false;
    if (this.#ended !== null) await this.#finish(this.#ended);
    else if (this.#halted) this.#deps.onChange();
    else if (this.#desired === 'stop') await this.#finish({ outcome: 'stopped' });
    else if (isWindowOver(this.lease, this.#deps.time)) await this.#finish(windowClosed);
    else await this.#afterCrash();
  }

  /** The engine ends its window by itself; this is for a lease that has no worker then, and for a worker that hangs. */
  async #watchWindow(): Promise<void> {
    await windowEnd(this.lease, this.#deps, this.#closing.signal);
    if (this.#worker === null && !this.#restarting) return this.#finish(windowClosed);
    await this.#deps.clock.sleep(windowGraceMs, this.#closing.signal);
    if (this.#worker !== null && this.#ended === null) this.#worker.kill();
    else if (this.#worker === null && !this.#restarting) await this.#finish(windowClosed);
  }

  /** The units that ran when the worker died may be to blame: each gets so many chances, then the rest goes on without it. */
  async #afterCrash(): Promise<void> {
    const { crashes } = this.#record;
    const suspects = this.#runningUnits.size > 0 ? [...this.#runningUnits.keys()] : [noUnit];
    for (const key of suspects) crashes[key] = (crashes[key] ?? 0) + 1;
    for (const [key, unit] of this.#runningUnits) {
      if ((crashes[key] ?? 0) >= this.#deps.crashesPerUnit) this.#giveUp(unit);
    }
    this.#runningUnits.clear();
    await this.#events.drained();
    await this.#records.save(this.#record);
    if ((crashes[noUnit] ?? 0) >= this.#deps.crashesPerUnit) {
      const detail = 'The scan worker ended without a result, several times in a row.';
      return this.#finish({ outcome: 'incomplete', reason: 'internal-error', detail });
    }
    this.#restarting = true;
    await this.#deps.clock.sleep(restartDelayMs, this.#closing.signal).catch(() => {});
    this.#restarting = false;
    this.#deps.onChange();
  }

  #giveUp(unit: UnitRef): void {
    this.#log.write('error', 'unit.given-up', { phase: unit.phase });
    const detail = `The scan worker died ${this.#deps.crashesPerUnit} times while this unit was running.`;
    const time = isoTime(this.#deps.time.now());
    this.#events.put({ type: 'unit', unit, time, state: 'not-evaluable', reason: 'internal-error', detail }, false);
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null && !this.#restarting) return this.#finish({ outcome: 'stopped' });
    worker?.send({ type: 'stop', reason: this.#cancelled ? networkChanged.detail : 'the platform asked' });
    await this.#deps.clock.sleep(stopGraceMs, this.#closing.signal).catch(() => {});
    if (worker !== null && this.#worker === worker) worker.kill();
    else if (this.#worker === null && !this.#restarting) await this.#finish({ outcome: 'stopped' });
  }

  async #finish(outcome: Omit<Ending, 'time'>): Promise<void> {
    if (this.#finishing) return;
    this.#finishing = true;
    this.#expiry?.abort();
    this.#deps.onChange();
    const why = this.#cancelled && outcome.outcome === 'stopped' ? networkChanged : {};
    const ending = { ...outcome, ...why, time: isoTime(this.#deps.time.now()) };
    this.#record = { ...this.#record, ending };
    await this.#records.save(this.#record);
    this.#settledEnding.resolve();
    await this.#close(ending, null);
  }

  async #close(ending: Ending, written: number | null): Promise<void> {
    const seq = written ?? (await this.#events.close(ending));
    await this.#events.uploaded(seq);
    await this.#deps.store.remove(this.lease.leaseId);
    this.#over = true;
    this.#log.write('info', 'lease.ended', { outcome: ending.outcome, reason: ending.reason ?? null });
    this.#deps.onChange();
  }

  #expired(): boolean {
    return this.expiresAtMs <= this.#deps.time.now();
  }

  #shouldPause(): boolean {
    return this.#desired !== 'run' || this.#expired();
  }

  /** Brings the worker to what it should be doing, now and when the lease ends unrenewed. */
  #steer(): void {
    this.#expiry?.abort();
    const pause = this.#shouldPause();
    if (this.#worker && pause !== this.#pauseSent) {
      this.#pauseSent = pause;
      this.#worker.send({ type: pause ? 'pause' : 'resume' });
    }
    if (!pause) void this.#watchExpiry();
    this.#deps.onChange();
  }

  async #watchExpiry(): Promise<void> {
    const watch = new AbortController();
    this.#expiry = watch;
    // A timer of Node holds at most 2^31 ms.
    const wait = Math.min(this.expiresAtMs - this.#deps.time.now(), 86_400_000);
    const slept = await this.#deps.clock.sleep(Math.max(0, wait), watch.signal).then(
      () => true,
      () => false,
    );
    if (!slept) return;
    if (this.#expired()) this.#log.write('warning', 'lease.expired', {});
    this.#steer();
  }
}
