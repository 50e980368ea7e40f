import { AdaptiveRate } from '../gate/adaptive-rate.ts';
import { TokenBucket } from '../gate/token-bucket.ts';
import { type AddressKey, lowOf, prefixOf } from './address-book.ts';
import type { LoopControl } from './loop-control.ts';
import type { LoopRates } from './messages.ts';

/** Many hosts that lose packets lower the rate of the scan; a single one does so little. */
const feedback = { lossFactor: 0.9, lowestFactor: 1 / 16, recoveryPerSecond: 0.1 };
/** How long a router or firewall keeps a connection that nobody answered, milliseconds: usual values are 20 to 60 s. */
const halfOpenMs = 30_000;
const halfOpenSlots = 30;
const networksKept = 4096;

/** The limits that all tasks share. Time is the loop's, which stands still while it is paused. */
export class SharedRates {
  readonly #rates: LoopRates;
  readonly #control: LoopControl;
  readonly #scan: AdaptiveRate;
  readonly #multicast: TokenBucket;
  readonly #networks = new Map<number, TokenBucket>();
  readonly #halfOpen = new Map<string, HalfOpen>();
  #mainSeen: number;

  constructor(rates: LoopRates, control: LoopControl, now: number) {
    this.#rates = rates;
    this.#control = control;
    this.#scan = new AdaptiveRate(rates.scan, feedback, now);
    this.#multicast = new TokenBucket(rates.multicast, now);
    this.#mainSeen = control.read('main');
  }

  /** Takes up what ordinary sockets sent; once a turn. */
  begin(now: number): void {
    const main = this.#control.read('main');
    const packets = (main - this.#mainSeen) >>> 0;
    this.#mainSeen = main;
    if (packets > 0) this.#scan.charge(packets, now);
  }

  /** Milliseconds until the scan may send; 0 at once. */
  scanWait(now: number): number {
    return this.#scan.waitMs(now);
  }

  multicastWait(now: number): number {
    return this.#multicast.waitMs(now);
  }

  /** Of the /24 or /64 of an address. */
  networkWait(key: AddressKey, now: number): number {
    return this.#network(key, now).waitMs(now);
  }

  /** A packet goes out, to an address or to everybody on its link. */
  charge(key: AddressKey, multicast: boolean, now: number): void {
    this.chargeScan(now);
    if (multicast) this.#multicast.charge(1, now);
    else this.#network(key, now).charge(1, now);
  }

  /** A packet that the kernel sends because of ours. */
  chargeScan(now: number): void {
    // Ordinary sockets wait: every second token is theirs.
    this.#scan.charge(this.#control.mainWaits ? 2 : 1, now);
    this.#control.add('worker', 1);
  }

  /** Whether one more connection may hang half-open in a gateway. */
  gatewayOpen(gateway: string, now: number): boolean {
    return (this.#halfOpen.get(gateway)?.count(now) ?? 0) < this.#rates.halfOpen;
  }

  connectionSent(gateway: string, now: number): void {
    const known = this.#halfOpen.get(gateway) ?? new HalfOpen(now);
    this.#halfOpen.set(gateway, known);
    known.add(1, now);
  }

  connectionAnswered(gateway: string, now: number): void {
    this.#halfOpen.get(gateway)?.add(-1, now);
  }

  /** Answers that came late: packets get lost. */
  lost(now: number): void {
    this.#scan.lost(now);
  }

  #network(key: AddressKey, now: number): TokenBucket {
    // IPv4: the /24. IPv6: the /96, which for scans is as good as the /64.
    const name = prefixOf(key) === 0 ? Math.floor(lowOf(key) / 256) : -prefixOf(key);
    const known = this.#networks.get(name);
    if (known) return known;
    if (this.#networks.size >= networksKept) this.#networks.clear();
    const bucket = new TokenBucket(this.#rates.network, now);
    this.#networks.set(name, bucket);
    return bucket;
  }
}

/** Connections without an answer over the last half minute, in slots of a second. */
class HalfOpen {
  readonly #slots = new Int32Array(halfOpenSlots);
  #slot: number;
  #sum = 0;

  constructor(now: number) {
    this.#slot = Math.floor((now * halfOpenSlots) / halfOpenMs);
  }

  count(now: number): number {
    this.#roll(now);
    return this.#sum;
  }

  add(connections: number, now: number): void {
    this.#roll(now);
    const index = this.#slot % halfOpenSlots;
    this.#slots[index] = (this.#slots[index] ?? 0) + connections;
    this.#sum += connections;
  }

  #roll(now: number): void {
    const slot = Math.floor((now * halfOpenSlots) / halfOpenMs);
    for (let steps = Math.min(halfOpenSlots, slot - this.#slot); steps > 0; steps -= 1) {
      const index = (slot - steps + 1) % halfOpenSlots;
      this.#sum -= this.#slots[index] ?? 0;
      this.#slots[index] = 0;
    }
    this.#slot = slot;
  }
}
