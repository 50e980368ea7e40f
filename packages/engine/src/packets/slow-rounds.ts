/**
 * Linux answers closed UDP ports with an ICMP error once a second for each peer, after a burst of six (icmp_ratelimit, RFC 1812 section
 * 4.3.2.8); other systems are alike. Silence at full speed therefore says nothing about a host that refused other ports: such hosts
 * are asked one port after another, at a pace that every refusal can keep. What is silent then is open or filtered indeed.
 */
export interface SlowShape {
  readonly addresses: number;
  readonly probes: number;
  /** The address refused a UDP port. */
  readonly limited: (place: number) => boolean;
  /** The cell `probe * addresses + address` is a UDP port without an answer. */
  readonly open: (cell: number) => boolean;
}

/** A little more than the second that the limit asks for. */
const roundMs = 1050;
/** Beyond this many rounds (minutes) the rest stays undecided. */
const mostRounds = 128;
/** How often a silent port is asked at this pace. */
const tries = 2;

export class SlowRounds {
  readonly #shape: SlowShape;
  /** Next probe of each address, counting on through its tries. */
  readonly #next: Uint32Array;
  #place = 0;
  #round = 0;
  #roundAt: number;
  #askedInRound = 0;
  #over = false;

  constructor(shape: SlowShape, now: number) {
    this.#shape = shape;
    this.#next = new Uint32Array(shape.addresses);
    // The limit's bucket is empty after the passes before.
    this.#roundAt = now + roundMs;
  }

  get hasWork(): boolean {
    for (let place = 0; place < this.#shape.addresses; place += 1) if (this.#cellOf(place) >= 0) return true;
    return false;
  }

  /** Everything was asked, or enough. */
  get over(): boolean {
    return this.#over;
  }

  /** The next cell to ask, or -1 while a round has to wait. */
  next(now: number): number {
    if (this.#over || now < this.#roundAt) return -1;
    while (this.#place < this.#shape.addresses) {
      const cell = this.#cellOf(this.#place);
      const place = this.#place;
      this.#place += 1;
      if (cell < 0) continue;
      this.#next[place] = (this.#next[place] ?? 0) + 1;
      this.#askedInRound += 1;
      return cell;
    }
    this.#round += 1;
    this.#over = this.#askedInRound === 0 || this.#round >= mostRounds;
    this.#askedInRound = 0;
    this.#place = 0;
    this.#roundAt = now + roundMs;
    return -1;
  }

  #cellOf(place: number): number {
    const { probes, addresses, limited, open } = this.#shape;
    if (!limited(place)) return -1;
    for (let count = this.#next[place] ?? 0; count < tries * probes; count += 1) {
      const cell = (count % probes) * addresses + place;
      if (!open(cell)) continue;
      this.#next[place] = count;
      return cell;
    }
    return -1;
  }
}
