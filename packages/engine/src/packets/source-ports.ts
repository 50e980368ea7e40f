import type { LoopConfig } from './messages.ts';

/**
 * Which of our ports a packet comes from. TCP tells the pass in it, so that an answer says which packet it answers; UDP, which has no
 * room for a cookie, hides some bits of one there; single exchanges have one each.
 */
export const sourcePortCount = 2048;
const tcpPorts = 8;
const udpFirst = 8;
const udpPorts = 1016;
const exchangeFirst = 1024;
const exchangePorts = 1024;

export class SourcePorts {
  readonly #first: number;
  readonly #fixed: number | null;

  constructor({ firstSourcePort, sourcePort }: Pick<LoopConfig, 'firstSourcePort' | 'sourcePort'>) {
    this.#first = firstSourcePort;
    this.#fixed = sourcePort;
  }

  /** First and last of all, for the filter of the link. */
  get range(): readonly [number, number] {
    const last = this.#first + sourcePortCount - 1;
    const fixed = this.#fixed ?? this.#first;
    return [Math.min(this.#first, fixed), Math.max(last, fixed)];
  }

  tcp(pass: number): number {
    return this.#fixed ?? this.#first + (pass % tcpPorts);
  }

  /** The pass of a TCP packet, or -1 when the port is not one of TCP's. With a fixed port all count as the first. */
  passOf(port: number): number {
    if (this.#fixed !== null) return port === this.#fixed ? 0 : -1;
    const pass = port - this.#first;
    return pass >= 0 && pass < tcpPorts ? pass : -1;
  }

  /** `cookie` depends on address, port and pass. */
  udp(cookie: number): number {
    return this.#fixed ?? this.#first + udpFirst + (cookie % udpPorts);
  }

  exchange(id: number): number {
    return this.#first + exchangeFirst + (id % exchangePorts);
  }
}
