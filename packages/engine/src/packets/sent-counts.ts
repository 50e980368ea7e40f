import type { ProbeCount, ProbeKind } from '../run/probe-tally.ts';
import { portOf, type ProbeSpec } from './probe-list.ts';

/**
 * How often each probe of a list went out for one request: a number for each probe, and one after them for questions for MACs. The memory
 * is shared, so that the figures are there at the moment at which a request is cancelled. The loop alone writes.
 */
export class SentCounts {
  readonly buffer: SharedArrayBuffer;
  readonly #numbers: Uint32Array;

  constructor(probes: number) {
    this.buffer = new SharedArrayBuffer((probes + 1) * Uint32Array.BYTES_PER_ELEMENT);
    this.#numbers = new Uint32Array(this.buffer);
  }

  /** The figures so far, of requests to addresses of one family. */
  *read(probes: readonly ProbeSpec[], family: 4 | 6): Generator<ProbeCount> {
    yield { kind: family === 4 ? 'arp' : 'ndp', sent: this.#at(probes.length) };
    for (const [index, probe] of probes.entries())
      yield { kind: kinds[probe.kind], port: portOf(probe), sent: this.#at(index) };
  }

  #at(index: number): number {
    return Atomics.load(this.#numbers, index);
  }
}

const kinds: Readonly<Record<ProbeSpec['kind'], ProbeKind>> = {
  syn: 'tcp-syn',
  ack: 'tcp-ack',
  echo: 'icmp-echo',
  timestamp: 'icmp-timestamp',
  udp: 'udp',
};

/** Where each frame of a link's arena is counted once the kernel has taken it. */
export class FrameOwners {
  readonly #counts: (Uint32Array | null)[] = [];
  readonly #indexes: number[] = [];

  /** `counts` null: nobody counts the frame of this slot. */
  set(slot: number, counts: Uint32Array | null, index: number): void {
    this.#counts[slot] = counts;
    this.#indexes[slot] = index;
  }

  /** The kernel took these slots. */
  taken(first: number, count: number): void {
    for (let slot = first; slot < first + count; slot += 1) {
      const counts = this.#counts[slot];
      if (counts) Atomics.add(counts, this.#indexes[slot] ?? 0, 1);
    }
  }
}
