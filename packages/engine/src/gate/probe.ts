import type { DialFailure } from '@picket/base/dialer';

/** What one question to one port brought. `denied`: the scope gate or a limit said no, nothing was sent. */
export type ProbeAnswer =
  | { readonly state: 'open'; readonly reason: 'accepted' | 'reset' | 'udp-answer'; readonly rttMs: number }
  | { readonly state: 'closed'; readonly reason: 'refused'; readonly rttMs: number }
  | { readonly state: 'silent'; readonly reason: 'no-answer' | 'unreachable' }
  | { readonly state: 'denied' | 'cancelled' | 'local'; readonly detail: string };

export interface ProbeRequest {
  /** Canonical IP literal. */
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** `search`: nobody knows yet whether a host is there; hosts in work go first. Default `work`. */
  readonly kind?: 'work' | 'search';
  /** Called with 1 when it goes out, and with -1 when this machine then was not able to send it after all. */
  readonly onSent?: (more: 1 | -1) => void;
}

/** Asks ports whether they are open, within the bounds of the scope gate; what discovery and port scan get. */
export interface Prober {
  probeTcp(request: ProbeRequest): Promise<ProbeAnswer>;
  probeUdp(request: ProbeRequest & { readonly payload: Uint8Array }): Promise<ProbeAnswer>;
  /** An answer came where there had been silence: packets get lost on the way to this host. */
  lost(address: string): void;
}

/** What a failed connect says of the port. A reset came after the accept, so the port is open. */
export function answerOfFailure(failure: DialFailure, rttMs: number): ProbeAnswer {
  switch (failure.kind) {
    case 'refused':
      return { state: 'closed', reason: 'refused', rttMs };
    case 'reset':
      return { state: 'open', reason: 'reset', rttMs };
    case 'timeout':
      return { state: 'silent', reason: 'no-answer' };
    case 'unreachable':
      return { state: 'silent', reason: 'unreachable' };
    case 'scope':
      return { state: 'denied', detail: failure.detail };
    case 'cancelled':
    case 'local':
      return { state: failure.kind, detail: failure.detail };
  }
}
