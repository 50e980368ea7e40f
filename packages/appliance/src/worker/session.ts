import type { Duplex } from 'node:stream';
import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { EngineEvent } from '@picket/contracts/event';
import { type FromWorker, type ToWorker, toWorker } from '@picket/contracts/worker';
import type { EngineJob } from '@picket/engine/run/job';
import { jobFromLease } from '@picket/engine/run/job';
import { PauseGate } from '@picket/engine/gate/pause-gate';
import type { EngineControl, JobOutcome } from '@picket/engine/run/run-job';
import { verifierOf } from '@picket/base/adapters/ed25519';
import { type LineChannel, lineChannel } from '../local/line-channel.ts';
import { verifyLease } from '../lease/verify-lease.ts';
import { AckWindow } from './ack-window.ts';
import { mergeResume } from './merge-resume.ts';

export interface WorkerDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The engine, bound to sockets, content and the local allow-list; `clock` shows platform time. */
  readonly run: (job: EngineJob, clock: Clock, control: EngineControl) => AsyncGenerator<EngineEvent, JobOutcome>;
}

/** A `start` message may carry a lease of 64 MB and as much to resume. */
const maxLineBytes = 268_435_456;
/** Events on their way to the daemon's disk; more make the engine wait. */
const maxUnacknowledged = 256;

/**
 * Serves one lease over `stream`, then resolves. The daemon is not trusted with scope: the lease is verified here again,
 * and a lease that is not renewed pauses here too. Without the daemon (the stream ended) the engine is stopped.
 */
export async function serveLease(stream: Duplex, deps: WorkerDeps): Promise<void> {
  const session = new Session(deps);
  await session.serve(stream);
}

class Session {
  readonly #deps: WorkerDeps;
  readonly #gate = new PauseGate();
  readonly #cancel = new AbortController();
  readonly #window = new AckWindow(maxUnacknowledged);
  #channel: LineChannel | null = null;
  #clock: Clock;
  #expiresAtMs = 0;
  #expiry: AbortController | null = null;
  /** Two reasons to pause: the daemon's word and the end of the lease. */
  #told = false;
  #started = false;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#clock = deps.clock;
  }

  serve(stream: Duplex): Promise<void> {
    return new Promise((resolve) => {
      this.#channel = lineChannel(stream, {
        maxLineBytes,
        onMessage: (message) => {
          const parsed = toWorker.safeParse(message);
          if (parsed.success) this.#take(parsed.data, resolve);
          else this.#channel?.close();
        },
        onEnd: (reason) => {
          this.#cancel.abort(new Error(`the daemon is gone: ${reason}`));
          resolve();
        },
      });
      this.#send({ type: 'ready', pid: process.pid });
    });
  }

  #take(message: ToWorker, done: () => void): void {
    switch (message.type) {
      case 'start':
        if (this.#started) return;
        this.#started = true;
        void this.#run(message).finally(done);
        return;
      case 'pause':
        this.#told = true;
        this.#steer();
        return;
      case 'resume':
        this.#told = false;
        this.#steer();
        return;
      case 'renew':
        this.#expiresAtMs = Date.parse(message.expiresAt);
        this.#steer();
        return;
      case 'stop':
        this.#cancel.abort(new Error(message.reason));
        return;
      case 'ack':
        this.#window.acknowledge(message.count);
        return;
    }
  }

  async #run(start: Extract<ToWorker, { type: 'start' }>): Promise<void> {
    this.#clock = platformClock(this.#deps.clock, start.clockOffsetMs);
    const checked = verifyLease(start.lease, {
      verify: verifierOf(start.platformKey),
      applianceId: start.applianceId,
      nowMs: this.#clock.now(),
      renewedUntil: start.expiresAt ?? null,
    });
    if (!checked.ok) return this.#refuse(checked.error.code, checked.error.message);
    const job = jobFromLease(checked.value);
    if (!job.ok) return this.#refuse('lease.malformed', job.error);
    this.#expiresAtMs = Date.parse(start.expiresAt ?? checked.value.expiresAt);
    this.#steer();
    await this.#drive({ ...job.value, resume: mergeResume(job.value.resume, start.resume) });
  }

  async #drive(job: EngineJob): Promise<void> {
    const events = this.#deps.run(job, this.#clock, { signal: this.#cancel.signal, pause: this.#gate });
    try {
      for (;;) {
        const next = await events.next();
        if (next.done) {
          const { outcome, reason, detail } = next.value;
          this.#send({
            type: 'ended',
            outcome,
            ...(reason ? { reason } : {}),
            ...(detail ? { detail: detail.slice(0, 1024) } : {}),
          });
          return;
        }
        await this.#window.take();
        this.#send({ type: 'event', event: next.value });
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#deps.log.write('error', 'engine.failed', { detail: detail.slice(0, 500) });
      this.#send({ type: 'ended', outcome: 'incomplete', reason: 'internal-error', detail: detail.slice(0, 1024) });
    }
  }

  #refuse(code: string, message: string): void {
    this.#send({ type: 'refused', code, message: message.slice(0, 1024) });
  }

  /** Shuts or opens the gate for what holds now, and looks again when the lease ends. */
  #steer(): void {
    this.#expiry?.abort();
    const before = this.#gate.paused;
    const pause = this.#told || this.#expiresAtMs <= this.#clock.now();
    if (pause) this.#gate.pause();
    else this.#gate.resume();
    if (this.#started && before !== pause) this.#send({ type: pause ? 'paused' : 'running' });
    if (!pause) void this.#watchExpiry();
  }

  async #watchExpiry(): Promise<void> {
    const watch = new AbortController();
    this.#expiry = watch;
    const wait = Math.max(0, Math.min(this.#expiresAtMs - this.#clock.now(), 86_400_000));
    const slept = await this.#clock.sleep(wait, AbortSignal.any([watch.signal, this.#cancel.signal])).then(
      () => true,
      () => false,
    );
    if (slept) this.#steer();
  }

  #send(message: FromWorker): void {
    this.#channel?.send(message);
  }
}

/** Platform time, carried on by the monotonic clock: a jump of the local clock moves nothing. */
function platformClock(clock: Clock, offsetMs: number): Clock {
  const base = clock.now() + offsetMs;
  const start = clock.monotonic();
  return {
    now: () => base + (clock.monotonic() - start),
    monotonic: () => clock.monotonic(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
  };
}
