import type { Clock } from '@picket/base/clock';
import type { Connection, DialFailure, Dialer, DialRequest, UdpRequest } from '@picket/base/dialer';
import { parseIp } from '@picket/base/ip';
import type { RangeSet } from '@picket/base/range-set';
import { err, type Result } from '@picket/base/result';
import { linkedController } from './abort-hub.ts';
import { GatedConnection } from './gated-connection.ts';
import type { Governor, Permit } from './governor.ts';
import type { JobLimits, LimitReason } from './limits.ts';
import type { PauseGate } from './pause-gate.ts';
import { answerOfFailure, type ProbeAnswer, type Prober, type ProbeRequest } from './probe.ts';
import { inScope } from './scope.ts';
import type { SocketFactory } from './socket-factory.ts';

export interface ScopeGateInit {
  readonly sockets: SocketFactory;
  readonly allowed: RangeSet;
  readonly governor: Governor;
  readonly limits: JobLimits;
  readonly pause: PauseGate;
  readonly clock: Clock;
  /** Ends everything: waits are given up, sockets destroyed. */
  readonly signal: AbortSignal;
  /** Called when a dial meets a limit that nobody has noticed yet (the clock may have jumped): the run is over. */
  readonly onLimit: (reason: LimitReason) => void;
}

/** A dialer for work on one host; `close` ends every connection that was opened through it. */
export interface HostSession {
  readonly dialer: Dialer;
  readonly signal: AbortSignal;
  close(): void;
}

/** All hosts of a link count as one host of their own. */
const allHosts = 'ff02::1';
/** How often a dial is tried again when this machine is the obstacle, and the longest wait between. */
const localTries = 12;
const addressTries = 4;
const localWaitMs = 2000;

/**
 * The one way to the network: holds the sockets, and opens one only for an address of the scope, in the window, before
 * deadline and lease end, when the governor lets it.
 */
export class ScopeGate implements Prober {
  readonly #init: ScopeGateInit;

  constructor(init: ScopeGateInit) {
    this.#init = init;
  }

  /** A dialer that reaches `address` and nothing else. */
  session(address: string): HostSession {
    const { controller, unlink } = linkedController(this.#init.signal);
    const signal = controller.signal;
    const own = (request: DialRequest): DialFailure | null =>
      request.address === address
        ? null
        : { kind: 'scope', detail: `${request.address} is not the target of this work (${address})` };
    const bound = <T extends DialRequest>(request: T): T => ({ ...request, signal: joined(request.signal, signal) });
    return {
      dialer: {
        connectTcp: async (request) => {
          const foreign = own(request);
          return foreign ? err(foreign) : this.#connect(bound(request));
        },
        exchangeUdp: async (request) => {
          const foreign = own(request);
          return foreign ? err(foreign) : this.#exchange(bound(request));
        },
      },
      signal,
      close: () => {
        unlink();
        controller.abort(new Error('the session is over'));
      },
    };
  }

  async probeTcp(request: ProbeRequest): Promise<ProbeAnswer> {
    const startedAt = { ms: 0 };
    const { sockets } = this.#init;
    const dialed = await this.#dial(request, startedAt, (bounded) =>
      sockets.probeTcp ? sockets.probeTcp(bounded) : sockets.connectTcp(bounded),
    );
    if (dialed.permit === null) return answerOfFailure(dialed.failure, 0);
    const rttMs = this.#init.clock.monotonic() - startedAt.ms;
    if (dialed.result.ok) {
      dialed.result.value?.close();
      // The handshake's ACK and the RST that ends it.
      dialed.permit.charge(2);
    }
    dialed.permit.end();
    return dialed.result.ok
      ? { state: 'open', reason: 'accepted', rttMs }
      : answerOfFailure(dialed.result.error, rttMs);
  }

  async probeUdp(request: ProbeRequest & { readonly payload: Uint8Array }): Promise<ProbeAnswer> {
    const startedAt = { ms: 0 };
    const dialed = await this.#dial(request, startedAt, (bounded) =>
      this.#init.sockets.exchangeUdp({ ...bounded, payload: request.payload }),
    );
    if (dialed.permit === null) return answerOfFailure(dialed.failure, 0);
    dialed.permit.end();
    const rttMs = this.#init.clock.monotonic() - startedAt.ms;
    return dialed.result.ok
      ? { state: 'open', reason: 'udp-answer', rttMs }
      : answerOfFailure(dialed.result.error, rttMs);
  }

  /**
   * Leave for one frame to all hosts of a link, in the window and before deadline and lease end, at the rate that a single host may see.
   * Rejects with the signal's reason when the run is over.
   */
  async multicast(): Promise<void> {
    const { governor, limits, signal } = this.#init;
    await limits.whenOpen(signal);
    const permit = await governor.admit(allHosts, signal);
    signal.throwIfAborted();
    const limit = this.#limitFailure();
    permit?.end();
    if (limit) throw new Error(limit.detail);
  }

  lost(address: string): void {
    this.#init.governor.lost(address);
  }

  async #connect(request: DialRequest): Promise<Result<Connection, DialFailure>> {
    const dialed = await this.#dial(request, { ms: 0 }, (bounded) => this.#init.sockets.connectTcp(bounded));
    if (dialed.permit === null) return err(dialed.failure);
    if (dialed.result.ok) {
      dialed.permit.hold();
      return { ok: true, value: new GatedConnection(dialed.result.value, dialed.permit, this.#init, request.signal) };
    }
    dialed.permit.end();
    return dialed.result;
  }

  async #exchange(request: UdpRequest): Promise<Result<readonly Uint8Array[], DialFailure>> {
    const dialed = await this.#dial(request, { ms: 0 }, (bounded) =>
      this.#init.sockets.exchangeUdp({
        ...bounded,
        payload: request.payload,
        ...(request.maxAnswers === undefined ? {} : { maxAnswers: request.maxAnswers }),
      }),
    );
    if (dialed.permit === null) return err(dialed.failure);
    dialed.permit.end();
    return dialed.result;
  }

  /** Asks scope, limits and governor, dials, and tries again when this machine is short of something. */
  async #dial<T>(
    request: DialRequest & Pick<ProbeRequest, 'kind' | 'onSent'>,
    startedAt: { ms: number },
    dial: (bounded: DialRequest) => Promise<Result<T, DialFailure>>,
  ): Promise<Dialed<T>> {
    const { governor, clock } = this.#init;
    const parsed = parseIp(request.address);
    if (!parsed.ok || !inScope(this.#init.allowed, parsed.value)) {
      return refused({ kind: 'scope', detail: `${request.address} is outside the scope of this job` });
    }
    for (let attempt = 1; ; attempt += 1) {
      const opened = await this.#init.limits.whenOpen(request.signal ?? this.#init.signal).then(
        () => true,
        () => false,
      );
      if (!opened) return refused({ kind: 'cancelled', detail: '' });
      const permit = await governor.admit(request.address, request.signal, request.kind);
      if (permit === null) return refused({ kind: 'cancelled', detail: '' });
      const limit = this.#limitFailure();
      if (limit) {
        permit.end();
        return refused(limit);
      }
      startedAt.ms = clock.monotonic();
      const bounded = {
        address: request.address,
        port: request.port,
        timeoutMs: request.timeoutMs,
        signal: request.signal ?? this.#init.signal,
      };
      request.onSent?.(1);
      const result = await dial(bounded);
      this.#learn(result, permit, request);
      if (result.ok || result.error.kind !== 'local') return { permit, result };
      request.onSent?.(-1);
      permit.end();
      governor.localTrouble();
      const noSource = result.error.detail === 'EADDRNOTAVAIL';
      if (noSource && attempt >= addressTries) return refused({ kind: 'unreachable', detail: result.error.detail });
      if (attempt >= localTries) return refused(result.error);
      await this.#rest(attempt, request.signal);
    }
  }

  #limitFailure(): DialFailure | null {
    const reached = this.#init.limits.reached();
    if (reached === null) return null;
    this.#init.onLimit(reached);
    return { kind: 'scope', detail: reached };
  }

  #learn(result: Result<unknown, DialFailure>, permit: Permit, request: DialRequest): void {
    const kind = result.ok ? 'accepted' : result.error.kind;
    if (kind === 'accepted' || kind === 'refused' || kind === 'reset') this.#init.governor.answered();
    if (kind !== 'timeout') return;
    this.#init.governor.timedOut();
    // The kernel sent the SYN again once a second meanwhile (tcp_syn_linear_timeouts; RFC 6298 section 2.1).
    const repeats = Math.floor((request.timeoutMs - 1) / 1000);
    if (repeats > 0 && !('payload' in request)) permit.charge(repeats);
  }

  async #rest(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    const wait = Math.min(localWaitMs, 25 * 2 ** attempt);
    await this.#init.clock.sleep(wait, signal ?? this.#init.signal).catch(() => {});
  }
}

/** With a permit, which the caller ends; or refused. */
type Dialed<T> =
  | { readonly permit: Permit; readonly result: Result<T, DialFailure> }
  | { readonly permit: null; readonly failure: DialFailure };

function refused(failure: DialFailure): { readonly permit: null; readonly failure: DialFailure } {
  return { permit: null, failure };
}

function joined(wanted: AbortSignal | undefined, session: AbortSignal): AbortSignal {
  return wanted === undefined || wanted === session ? session : AbortSignal.any([wanted, session]);
}
