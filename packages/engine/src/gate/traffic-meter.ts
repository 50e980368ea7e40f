/** What was really sent and how it was answered; see `statsEvent`. */
export interface TrafficStats {
  readonly packetsSent: number;
  readonly connections: number;
  readonly answers: number;
  readonly timeouts: number;
  readonly rate: number;
  readonly peakRate: number;
  readonly busiestHost: { readonly address: string; readonly packets: number } | null;
}

const slotMs = 100;
const slotCount = 10;

/** Counts packets; the rate is that of the last second, in steps of a tenth. Constant memory. */
export class TrafficMeter {
  #packets = 0;
  #connections = 0;
  #answers = 0;
  #timeouts = 0;
  #peak = 0;
  #busiest: { address: string; packets: number } | null = null;
  readonly #slots = new Float64Array(slotCount);
  #slot = 0;

  /** `hostPackets`: what this host got so far, these included. `now` is monotonic milliseconds. */
  sent(packets: number, host: { address: string; hostPackets: number }, now: number): void {
    this.#packets += packets;
    this.#roll(now);
    const index = this.#slot % slotCount;
    this.#slots[index] = (this.#slots[index] ?? 0) + packets;
    if (host.hostPackets > (this.#busiest?.packets ?? 0))
      this.#busiest = { address: host.address, packets: host.hostPackets };
  }

  /** Packets and answers of the packet loop. */
  elsewhere({ packets, answers }: { readonly packets: number; readonly answers: number }, now: number): void {
    this.#packets += packets;
    this.#answers += answers;
    this.#roll(now);
    const index = this.#slot % slotCount;
    this.#slots[index] = (this.#slots[index] ?? 0) + packets;
  }

  /** Packets that one host got from the packet loop. */
  host(address: string, packets: number): void {
    if (packets > (this.#busiest?.packets ?? 0)) this.#busiest = { address, packets };
  }

  connection(): void {
    this.#connections += 1;
  }

  answered(): void {
    this.#answers += 1;
  }

  timedOut(): void {
    this.#timeouts += 1;
  }

  stats(now: number): TrafficStats {
    this.#roll(now);
    const rate = this.#sum();
    this.#peak = Math.max(this.#peak, rate);
    return {
      packetsSent: this.#packets,
      connections: this.#connections,
      answers: this.#answers,
      timeouts: this.#timeouts,
      rate,
      peakRate: this.#peak,
      busiestHost: this.#busiest,
    };
  }

  #roll(now: number): void {
    const slot = Math.floor(now / slotMs);
    if (slot === this.#slot) return;
    this.#peak = Math.max(this.#peak, this.#sum());
    const steps = Math.min(slotCount, slot - this.#slot);
    for (let step = 1; step <= steps; step += 1) this.#slots[(this.#slot + step) % slotCount] = 0;
    if (steps === slotCount) this.#slots.fill(0);
    this.#slot = slot;
  }

  #sum(): number {
    return this.#slots.reduce((sum, packets) => sum + packets, 0);
  }
}
