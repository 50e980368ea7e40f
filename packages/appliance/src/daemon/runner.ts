import type { Verifier } from '@picket/contracts/http-signature';
import type { SignedLease } from '@picket/contracts/lease';
import type { PollAnswer, PollRequest } from '@picket/contracts/poll';
import { verifyLease } from '../lease/verify-lease.ts';
import { type Desired, LeaseRun, type LeaseRunDeps } from './lease-run.ts';
import { sliceEndings } from './spool/slice-endings.ts';

export interface RunnerDeps extends LeaseRunDeps {
  readonly verify: Verifier;
  /** Scan workers at once. */
  readonly workers: number;
  readonly onTrouble: (trouble: { readonly code: string; readonly message: string }) => void;
}

/** All leases of this appliance: takes them from polls, shares out the workers, reports. */
export class Runner {
  readonly #deps: RunnerDeps;
  readonly #runs = new Map<string, LeaseRun>();
  /** Being written to disk: a lease is worked on only once it is stored. */
  readonly #accepting = new Set<string>();
  readonly #notify: () => void;
  #open = true;
  /** The network changes: nothing is begun. */
  #held = false;
  #intake: 'open' | 'draining' | 'closed' = 'open';

  constructor(deps: RunnerDeps) {
    this.#deps = { ...deps, onChange: () => this.#changed() };
    this.#notify = deps.onChange;
    deps.spool.onChange(() => {
      const { full, fault } = deps.spool.state;
      if (full && fault !== 'limit') for (const run of this.#runs.values()) run.spoolFull();
    });
  }

  /** Leases that the daemon's last run left: their signatures are looked at again; they wait for the platform's word. */
  async restore(): Promise<void> {
    const found = await this.#deps.store.load();
    const endings = found.some(({ record }) => record.ending !== null)
      ? await sliceEndings(this.#deps.spool)
      : new Map<string, number>();
    for (const { leaseId, record } of found) {
      // Whether it is over is the platform's to say: time is not known yet.
      const checked = verifyLease(record.signed, { ...this.#check(), nowMs: 0, renewedUntil: null });
      if (!checked.ok || checked.value.leaseId !== leaseId) {
        await this.#deps.store.remove(leaseId);
        continue;
      }
      const run = new LeaseRun(checked.value, record, 'unknown', this.#deps);
      this.#runs.set(leaseId, run);
      if (record.ending !== null) void run.resumeEnding(endings.get(leaseId) ?? null);
    }
  }

  /** What a poll says of the leases here. */
  report(): PollRequest['leases'] {
    return [...this.#runs.values()].map((run) => ({ leaseId: run.lease.leaseId, state: run.state }));
  }

  /** For the local status. */
  describe(): { leaseId: string; scanId: number; kind: string; state: string }[] {
    return [...this.#runs.values()].map((run) => ({
      leaseId: run.lease.leaseId,
      scanId: run.lease.scanId,
      kind: run.lease.kind,
      state: run.state,
    }));
  }

  /** Neither a slice nor the report of its end is here any more. */
  get quiet(): boolean {
    return this.#runs.size === 0 && this.#accepting.size === 0;
  }

  /** `draining`: asks for no more work. `closed`: takes none either; the platform grants it again. For updates. */
  set(intake: 'open' | 'draining' | 'closed'): void {
    if (this.#intake === intake) return;
    this.#intake = intake;
    this.#notify();
  }

  get capacity(): number {
    if (this.#intake !== 'open' || this.#held) return 0;
    return Math.max(0, this.#deps.workers - this.#busy());
  }

  get availablePercent(): number {
    return Math.round((100 * this.capacity) / this.#deps.workers);
  }

  /** When the first lease ends unless renewed, platform milliseconds; null without leases that still run. */
  get firstExpiryMs(): number | null {
    const ends = [...this.#runs.values()].filter((run) => run.state !== 'ending').map((run) => run.expiresAtMs);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  /** Acts on a poll's answer. */
  take(answer: Pick<PollAnswer, 'leases' | 'granted'>): void {
    this.#open = true;
    for (const word of answer.leases) {
      const run = this.#runs.get(word.leaseId);
      if (run) void run.apply(word.desired satisfies Desired, word.expiresAt);
    }
    if (this.#intake !== 'closed' && !this.#held) for (const signed of answer.granted) void this.#accept(signed);
    this.#changed();
  }

  /** Ends all scanning at once and keeps what there is; a later poll's answer may let it go on. */
  halt(): void {
    this.#open = false;
    for (const run of this.#runs.values()) run.halt();
  }

  /**
   * Ends all scans for good and keeps their partial results; resolves when nothing scans any more. Those that pause keep their place and lose
   * their worker, which knows the network as it was. Nothing new is begun until `takeWork`: a cancelled slice makes room, and the next one
   * would be here before the network has changed.
   */
  async cancel(): Promise<void> {
    this.#held = true;
    for (;;) {
      const runs = [...this.#runs.values()];
      await Promise.all(runs.map((run) => (run.state === 'paused' ? run.halt() : run.cancel())));
      const scans = [...this.#runs.values()].some((run) => run.hasWorker || run.state === 'running');
      if (!scans && this.#accepting.size === 0) return;
      await this.#deps.clock.sleep(20);
    }
  }

  /** The change of the network is over. */
  takeWork(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#changed();
  }

  close(): void {
    this.#open = false;
    for (const run of this.#runs.values()) run.close();
  }

  async #accept(signed: SignedLease): Promise<void> {
    const checked = verifyLease(signed, { ...this.#check(), nowMs: this.#deps.time.now(), renewedUntil: null });
    if (!checked.ok) {
      this.#deps.log.write('error', 'lease.refused', { code: checked.error.code });
      this.#deps.onTrouble(checked.error);
      return;
    }
    const lease = checked.value;
    if (this.#runs.has(lease.leaseId) || this.#accepting.has(lease.leaseId)) return;
    const record = { signed, expiresAt: lease.expiresAt, crashes: {}, ending: null };
    this.#accepting.add(lease.leaseId);
    this.#deps.log.write('info', 'lease.accepted', {
      lease: lease.leaseId,
      scan: lease.scanId,
      attempt: lease.attempt,
    });
    try {
      await this.#deps.store.save(lease.leaseId, record);
      this.#runs.set(lease.leaseId, new LeaseRun(lease, record, 'run', this.#deps));
    } catch (error) {
      // No place even for the lease: not taken, so the platform will grant it again.
      const message = `The lease could not be stored: ${error instanceof Error ? error.message : 'unknown'}`;
      this.#deps.onTrouble({ code: 'lease.disk', message });
      await this.#deps.spool.makeRoom().catch(() => {});
      return;
    } finally {
      this.#accepting.delete(lease.leaseId);
    }
    this.#changed();
  }

  #check() {
    return { verify: this.#deps.verify, applianceId: this.#deps.applianceId };
  }

  #busy(): number {
    return [...this.#runs.values()].filter((run) => run.state !== 'ending').length;
  }

  #changed(): void {
    for (const [leaseId, run] of this.#runs) if (run.over) this.#runs.delete(leaseId);
    if (this.#open && !this.#held) this.#startWaiting();
    this.#notify();
  }

  #startWaiting(): void {
    const runs = [...this.#runs.values()];
    let free = this.#deps.workers - runs.filter((run) => run.hasWorker).length;
    for (const run of runs) {
      if (free <= 0) return;
      if (!run.wantsWorker) continue;
      free -= 1;
      void run.startWorker();
    }
  }
}
