import { type Clock, isoTime } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import type { Result } from '@picket/base/result';
import type { OutboundFailure } from '@picket/outbound/failure';

/** A clock that is wrong by more is told, and not used to judge certificates, milliseconds. */
const toleranceMs = 60_000;

export interface ClockRescueDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The platform's time, signed by who is pinned. */
  readonly ask: () => Promise<Result<number, OutboundFailure>>;
  /** Told when the clock is found wrong, with the sentence for people, and with null once it is right. */
  readonly onWrong: (message: string | null) => void;
}

/**
 * Keeps a wrong clock from locking the appliance out. When the platform's certificate seems expired or not yet valid, the platform is asked for its
 * time, signed; certificates are then judged by that, kept on the monotonic clock. The machine's own clock is left alone.
 */
export class ClockRescue {
  readonly #deps: ClockRescueDeps;
  #base: { readonly platformMs: number; readonly monotonicMs: number } | null = null;
  #asking = false;
  #wrong = false;

  constructor(deps: ClockRescueDeps) {
    this.#deps = deps;
  }

  /** The time to judge certificates by; null: this machine's clock. */
  now(): number | null {
    if (this.#base === null) return null;
    return this.#base.platformMs + this.#deps.clock.monotonic() - this.#base.monotonicMs;
  }

  /** Looks whether the clock is to blame for a failure. True: it is, and the next try has a better time. */
  async consider({ kind, reason }: OutboundFailure): Promise<boolean> {
    const byDate = kind === 'certificate' && (reason === 'expired' || reason === 'not-yet-valid');
    if (!byDate || this.#asking) return false;
    this.#asking = true;
    const told = await this.#deps.ask();
    this.#asking = false;
    if (!told.ok) {
      this.#deps.log.write('warning', 'clock.not-told', { kind: told.error.kind, detail: told.error.detail });
      return false;
    }
    const before = this.now();
    this.#judge(told.value);
    if (!this.#wrong) return false;
    this.#base = { platformMs: told.value, monotonicMs: this.#deps.clock.monotonic() };
    return before === null || Math.abs(before - told.value) > toleranceMs;
  }

  /** The time of an answer that the platform signed. */
  heard(serverTime: string): void {
    this.#judge(Date.parse(serverTime));
    if (!this.#wrong) this.#base = null;
  }

  #judge(platformMs: number): void {
    const { clock, log, onWrong } = this.#deps;
    const offMs = clock.now() - platformMs;
    const wrong = Math.abs(offMs) > toleranceMs;
    if (wrong === this.#wrong) return;
    this.#wrong = wrong;
    log.write('warning', wrong ? 'clock.wrong' : 'clock.right', { offSeconds: Math.round(offMs / 1000) });
    onWrong(wrong ? wrongClock(clock.now(), platformMs) : null);
  }
}

function wrongClock(ownMs: number, platformMs: number): string {
  return `This appliance's clock says ${isoTime(ownMs)}, the platform's ${isoTime(platformMs)}. The platform's time is used; set the clock of the machine or of its host.`;
}
