import type { AddressBook, AddressKey } from './address-book.ts';
import { lowOf, prefixOf } from './address-book.ts';
import type { FramePlace, Frames } from './frames.ts';
import type { HalfSipHash } from './half-sip-hash.ts';
import type { ProbeSpec } from './probe-list.ts';
import type { SourcePorts } from './source-ports.ts';
import { write32 } from '../wire/big-endian.ts';

export interface ProbeWriterInit {
  readonly book: AddressBook;
  readonly hash: HalfSipHash;
  readonly ports: SourcePorts;
  readonly echoId: number;
}

const echoPayloadBytes = 16;
/** Domain of the hash, so that a cookie of one kind is none of another. */
const domain = { tcp: 1, udp: 2, echo: 3, timestamp: 4 } as const;

/** Turns questions into frames that carry cookies, and tells from an answer's fields whether they are there. */
export class ProbeWriter {
  readonly #init: ProbeWriterInit;
  readonly #echoPayload = new Uint8Array(echoPayloadBytes);

  constructor(init: ProbeWriterInit) {
    this.#init = init;
  }

  /** Writes a probe; returns the frame's length. */
  // Five arguments: once a packet, a record would be garbage a hundred thousand times a second.
  write(frames: Frames, place: FramePlace, to: AddressKey, probe: ProbeSpec, pass: number): number {
    const { ports, echoId } = this.#init;
    switch (probe.kind) {
      case 'syn':
        return frames.syn(
          place,
          to,
          pair(ports.tcp(pass), probe.port),
          this.tcpCookie(to, ports.tcp(pass), probe.port),
        );
      case 'ack':
        return frames.ack(
          place,
          to,
          pair(ports.tcp(pass), probe.port),
          this.tcpCookie(to, ports.tcp(pass), probe.port),
        );
      case 'udp': {
        const payload = probe.payloads[pass % Math.max(1, probe.payloads.length)] ?? new Uint8Array(0);
        return frames.udp(place, to, pair(this.udpPort(to, probe.port, pass), probe.port), payload);
      }
      case 'echo':
        write32(this.#echoPayload, 0, this.echoCookie(to, pass));
        return frames.echo(place, to, { identifier: echoId, sequence: pass, payload: this.#echoPayload });
      case 'timestamp': {
        const cookie = this.timestampCookie(to, pass);
        return frames.timestamp(place, to, { identifier: echoId, sequence: pass, originate: cookie });
      }
    }
  }

  tcpCookie(to: AddressKey, sourcePort: number, port: number): number {
    return this.#cookie(to, pair(sourcePort, port), domain.tcp);
  }

  udpPort(to: AddressKey, port: number, pass: number): number {
    return this.#init.ports.udp(this.#cookie(to, pair(pass, port), domain.udp));
  }

  echoCookie(to: AddressKey, pass: number): number {
    return this.#cookie(to, pass, domain.echo);
  }

  timestampCookie(to: AddressKey, pass: number): number {
    return this.#cookie(to, pass, domain.timestamp);
  }

  #cookie(to: AddressKey, word: number, kind: number): number {
    return this.#init.hash.of(lowOf(to) | 0, word | 0, (prefixOf(to) << 3) | kind);
  }
}

function pair(high: number, low: number): number {
  return ((high << 16) | low) >>> 0;
}
