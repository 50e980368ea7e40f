import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import { type PollAnswer, type PollRequest, pollAnswer } from '@picket/contracts/poll';
import { applianceLimits, appliancePaths } from '@picket/contracts/protocol';
import type { OutboundFailure } from '@picket/outbound/failure';
import { parseJson, type SignedAnswer, type SignedClient } from '@picket/outbound/signed-client';
import { afterLongPoll, initialPollMode, type PollMode, type PollModeState, pollMode } from './poll-mode.ts';
import type { Tries, Try } from './tries.ts';

export interface PollLoopDeps {
  readonly client: SignedClient;
  readonly clock: Clock;
  readonly tries: Tries;
  readonly log: Log;
  /** The state of the appliance as it is now. */
  readonly report: (waitSeconds: number) => PollRequest;
  /** How long plain polling may wait at most, milliseconds: leases want to be renewed. Null: the interval alone decides. */
  readonly renewWithinMs: () => number | null;
  /**
   * `sent` is the report that was answered: several polls may be on their way at once. What it gives back is waited for: until then the next report would
   * say the same, and be given the same answer.
   */
  readonly onAnswer: (answer: PollAnswer, localAddress: string | null, sent: PollRequest) => Promise<void> | null;
  readonly onFailure: (failure: OutboundFailure) => void;
  /** A refusal; `verified` tells whether the platform signed it. */
  readonly onRefused: (answer: SignedAnswer) => void;
  readonly onMode: (mode: PollMode) => void;
}

/** A lease may be 64 MB of base64 in JSON. */
const maxAnswerBytes = 100_000_000;
/** Over the hold of a long-poll: what the way and a slow platform may add, seconds. */
const deadlineSeconds = 20;
/** State changes within this time go out in one poll, milliseconds. */
const nudgeDelayMs = 100;

/** Asks for work and for the platform's word on the leases, for as long as the daemon lives. */
export class PollLoop {
  readonly #deps: PollLoopDeps;
  #mode: PollModeState = initialPollMode;
  #settings: PollAnswer['settings'] | null = null;
  readonly #tried: Try;
  #inTouch = false;
  #sleeping: AbortController | null = null;
  #nudged = false;

  constructor(deps: PollLoopDeps) {
    this.#deps = deps;
    this.#tried = deps.tries.of();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const mode = pollMode(this.#mode, this.#settings?.longPoll ?? true, clock.monotonic());
      this.#deps.onMode(mode);
      // The first poll, and the first after a failure, is answered at once: it says that the line stands.
      const answered = await this.#poll(this.#inTouch ? mode : 'plain', signal);
      if (signal.aborted) return;
      if (!answered) await this.#wait((early) => this.#tried.failed(early), signal);
      else if (this.#inTouch && mode === 'plain')
        await this.#wait((early) => clock.sleep(this.#interval(), early), signal);
    }
  }

  /**
   * Something changed that the platform should know soon. A poll that is on its way, or whose answer is being acted on, is not given up for that (its answer
   * may be a lease): a second one that is answered at once goes beside it.
   */
  nudge(signal: AbortSignal): void {
    if (this.#sleeping === null) void this.#pollBeside(signal);
    else this.#sleeping.abort();
  }

  async #pollBeside(signal: AbortSignal): Promise<void> {
    if (this.#nudged) return;
    this.#nudged = true;
    await this.#deps.clock.sleep(nudgeDelayMs, signal).catch(() => {});
    this.#nudged = false;
    if (!signal.aborted) await this.#exchange(0, signal, { beside: true });
  }

  async #poll(mode: PollMode, signal: AbortSignal): Promise<boolean> {
    const wait = mode === 'long' ? applianceLimits.longPollSeconds : 0;
    const outcome = await this.#exchange(wait, signal);
    if (mode === 'long' && !signal.aborted) {
      const before = this.#mode;
      this.#mode = afterLongPoll(before, outcome === 'refused' ? 'answered' : outcome, this.#deps.clock.monotonic());
      if (this.#mode.plainUntil > before.plainUntil) this.#deps.log.write('warning', 'poll.plain', {});
    }
    this.#inTouch = outcome === 'answered';
    if (this.#inTouch) this.#tried.worked();
    return outcome === 'answered';
  }

  async #exchange(
    waitSeconds: number,
    signal: AbortSignal,
    more: Pick<PollRequest, 'beside'> = {},
  ): Promise<'answered' | 'refused' | 'cut' | 'not-reached'> {
    const sent = { ...this.#deps.report(waitSeconds), ...this.#known(), ...more };
    const result = await this.#deps.client.send({
      method: 'POST',
      path: appliancePaths.poll,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(sent)),
      deadlineMs: (waitSeconds + deadlineSeconds) * 1000,
      maxAnswerBytes,
      signal,
    });
    if (signal.aborted) return 'not-reached';
    if (!result.ok) {
      this.#deps.log.write('warning', 'poll.failed', { kind: result.error.kind, detail: result.error.detail });
      this.#deps.onFailure(result.error);
      return result.error.maybeDelivered && result.error.kind !== 'signature' ? 'cut' : 'not-reached';
    }
    const answer = result.value;
    const parsed = answer.status === 200 ? pollAnswer.safeParse(parseJson(answer.body)) : null;
    if (parsed?.success) {
      this.#settings = parsed.data.settings;
      await this.#deps.onAnswer(parsed.data, answer.localAddress, sent);
      return 'answered';
    }
    this.#deps.log.write('warning', 'poll.refused', { status: answer.status, code: answer.problem?.code ?? null });
    this.#deps.onRefused(answer);
    // A gateway that loses patience with a held request answers itself.
    return !answer.verified && (answer.status === 502 || answer.status === 504) ? 'cut' : 'refused';
  }

  /** What the platform has told of the settings so far. */
  #known(): Pick<PollRequest, 'settings'> {
    if (this.#settings === null) return {};
    const { name, pollIntervalSeconds } = this.#settings;
    return { settings: { name, pollIntervalSeconds } };
  }

  /** The platform's interval, sooner when a lease wants to be renewed. */
  #interval(): number {
    const seconds = this.#settings?.pollIntervalSeconds ?? applianceLimits.pollIntervalDefault;
    const range = Math.min(applianceLimits.pollIntervalMax, Math.max(1, seconds)) * 1000;
    const renew = this.#deps.renewWithinMs();
    return renew === null ? range : Math.max(1000, Math.min(range, renew));
  }

  /** A wait that `nudge` ends early. */
  async #wait(wait: (early: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    this.#sleeping = new AbortController();
    await wait(AbortSignal.any([signal, this.#sleeping.signal])).catch(() => {});
    this.#sleeping = null;
  }
}
