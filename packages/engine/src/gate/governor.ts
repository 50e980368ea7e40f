import type { Clock } from '@picket/base/clock';
import type { Profile } from '@picket/plan/profile';
import { onAbort } from './abort-hub.ts';
import { AdaptiveRate } from './adaptive-rate.ts';
import { type Attempt, HostLoad, type Waiter } from './host-load.ts';
import type { PauseGate } from './pause-gate.ts';
import { RestingConnections } from './resting-connections.ts';
import { TrafficMeter, type TrafficStats } from './traffic-meter.ts';
import type { LoopControl } from '../packets/loop-control.ts';

export interface GovernorInit {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly pause: PauseGate;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  /** Sockets at once over all hosts. Default: what one event loop carries with a lag of some 100 ms. */
  readonly maxInFlight?: number;
  /** Shared with the packet loop, which keeps to the same rate. */
  readonly shared?: LoopControl;
}

/** Leave to send to one host, from admission until `end`. */
export interface Permit {
  /** The connection stays open: it counts against the connections of its host until `end`. */
  hold(): void;
  /** The connection is kept for later only: `onWanted` is called, and has to close it, when its place is wanted. Null: it is in use again. */
  rest(onWanted: (() => void) | null): void;
  /** More packets went out under it than the one that admission paid for. */
  charge(packets: number): void;
  /** Safe to call twice. */
  end(): void;
}

const defaultInFlight = 2000;
const smallestInFlight = 16;
/** One lossy host lowers the scan's rate little; many do so together. */
const feedback = { lossFactor: 0.9, lowestFactor: 1 / 16, recoveryPerSecond: 0.1 };
/** Hosts remembered beyond those that are busy. */
const rememberedHosts = 4096;

/**
 * Decides when something may be sent. Limits: packets a second for the scan and for each host, connections for each
 * host, sockets in all. Hosts that wait take turns. Its memory grows with the hosts in work, not with the addresses.
 */
export class Governor {
  readonly #init: GovernorInit;
  readonly #meter = new TrafficMeter();
  readonly #rate: AdaptiveRate;
  readonly #hosts = new Map<string, HostLoad>();
  /** Hosts with waiters whose own limits may allow one more; in turn. Those in work and those sought take turns too. */
  readonly #ready = { work: new Set<HostLoad>(), search: new Set<HostLoad>() };
  readonly #resting = new RestingConnections();
  #searchNext = false;
  #inFlight = 0;
  #maxInFlight: number;
  #rateWakeAt = Number.POSITIVE_INFINITY;
  #localTroubleAt = Number.NEGATIVE_INFINITY;
  #sharedSeen = { packets: 0, answers: 0 };

  constructor(init: GovernorInit) {
    this.#init = init;
    this.#maxInFlight = init.maxInFlight ?? defaultInFlight;
    this.#rate = new AdaptiveRate(init.profile.packetsPerSecond, feedback, init.clock.monotonic());
    init.pause.onChange(() => this.#pump());
    onAbort(init.signal, () => this.#refuseAll());
  }

  /**
   * Waits for leave to send one packet to `address`. Null when the run or `signal` ended first. A `search` for hosts
   * gets at most every other packet while known hosts have something to send, so that results come early.
   */
  admit(address: string, signal?: AbortSignal, kind: 'work' | 'search' = 'work'): Promise<Permit | null> {
    if (this.#init.signal.aborted || signal?.aborted) return Promise.resolve(null);
    const host = this.#host(address);
    host.kind = kind;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        gone: false,
        admit: (attempt) => {
          stop();
          resolve(attempt && this.#permit(host, attempt));
        },
      };
      const stop = onAbort(signal, () => {
        if (waiter.gone) return;
        waiter.gone = true;
        resolve(null);
      });
      host.waiters.push(waiter);
      this.#ready[kind].add(host);
      this.#pump();
    });
  }

  /** An answer came: accepted, refused or reset. */
  answered(): void {
    this.#meter.answered();
  }

  timedOut(): void {
    this.#meter.timedOut();
  }

  /** Silence where there had been, or is now, an answer: the way to this host loses packets. */
  lost(address: string): void {
    const now = this.#now();
    this.#hosts.get(address)?.lost(now);
    this.#rate.lost(now);
  }

  /** The machine is out of descriptors, ports or buffers: fewer sockets at once from now on. */
  localTrouble(): void {
    const now = this.#now();
    if (now - this.#localTroubleAt < 100) return;
    this.#localTroubleAt = now;
    this.#maxInFlight = Math.max(smallestInFlight, Math.floor(Math.min(this.#maxInFlight, this.#inFlight + 1) / 2));
  }

  /** Share of the nominal rate that is in force for a host, 0 to 1. */
  factorOf(address: string): number {
    return this.#hosts.get(address)?.factor ?? 1;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  /** Hosts in memory. */
  get hostsKnown(): number {
    return this.#hosts.size;
  }

  /** Packets of the packet loop to one host. */
  sentElsewhere(address: string, packets: number): void {
    this.#meter.host(address, packets);
  }

  stats(): TrafficStats {
    this.takeUpShared();
    return this.#meter.stats(this.#now());
  }

  #now(): number {
    return this.#init.clock.monotonic();
  }

  /** Charges what the packet loop sent since the last look. Call several times a second while it works. */
  takeUpShared(): void {
    const { shared } = this.#init;
    if (!shared) return;
    const packets = (shared.read('worker') - this.#sharedSeen.packets) >>> 0;
    const answers = (shared.read('answers') - this.#sharedSeen.answers) >>> 0;
    this.#sharedSeen = { packets: shared.read('worker'), answers: shared.read('answers') };
    const now = this.#now();
    if (packets > 0) this.#rate.charge(packets, now);
    this.#meter.elsewhere({ packets, answers }, now);
  }

  #pump(): void {
    this.takeUpShared();
    this.#init.shared?.setMainWaits(false);
    while (!this.#init.pause.paused) {
      const host = this.#next();
      if (!host) return;
      // What is closed gives its place to the first in turn before `endOne` returns.
      if (this.#inFlight >= this.#maxInFlight) return void this.#resting.endOne();
      const now = this.#now();
      const wait = this.#rate.waitMs(now);
      if (wait > 0) return this.#wakeForRate(now, wait);
      this.#searchNext = host.kind === 'work';
      this.#serve(host, now);
    }
  }

  #next(): HostLoad | undefined {
    const [work] = this.#ready.work;
    const [search] = this.#ready.search;
    return (this.#searchNext ? search : work) ?? work ?? search;
  }

  #serve(host: HostLoad, now: number): void {
    this.#ready.work.delete(host);
    this.#ready.search.delete(host);
    while (host.waiters[0]?.gone) host.waiters.shift();
    if (host.waiters.length === 0) return;
    // A host has no place left, or has one only when an attempt grows old: one that is kept for later goes first.
    if (host.full(now) && this.#resting.endOneOf(host)) return;
    const wait = host.waitMs(now);
    if (wait === null) return;
    if (wait > 0) return this.#wakeForHost(host, now, wait);
    const waiter = host.waiters.shift();
    if (host.waiters.length > 0) this.#ready[host.kind].add(host);
    if (!waiter) return;
    waiter.gone = true;
    const attempt = host.begin(now);
    this.#inFlight += 1;
    this.#meter.connection();
    this.#charge(host, 1);
    waiter.admit(attempt);
  }

  #wakeForRate(now: number, wait: number): void {
    this.#init.shared?.setMainWaits(true);
    if (this.#rateWakeAt <= now + wait) return;
    this.#rateWakeAt = now + wait;
    this.#later(wait, () => {
      this.#rateWakeAt = Number.POSITIVE_INFINITY;
      this.#pump();
    });
  }

  #wakeForHost(host: HostLoad, now: number, wait: number): void {
    if (host.wakeAt <= now + wait) return;
    host.wakeAt = now + wait;
    this.#later(wait, () => {
      host.wakeAt = Number.POSITIVE_INFINITY;
      this.#revive(host);
    });
  }

  #later(milliseconds: number, then: () => void): void {
    // An aborted run has refused every waiter already: nothing is left to wake.
    this.#init.clock.sleep(Math.ceil(milliseconds), this.#init.signal).then(then, () => {});
  }

  #revive(host: HostLoad): void {
    if (host.waiters.length > 0) this.#ready[host.kind].add(host);
    this.#pump();
  }

  #permit(host: HostLoad, attempt: Attempt): Permit {
    return {
      hold: () => {
        if (attempt.state !== 'over') host.hold(attempt);
      },
      rest: (onWanted) => {
        this.#resting.remove(host, attempt);
        if (attempt.state !== 'held' || onWanted === null) return;
        this.#resting.add(host, attempt, onWanted);
        if (host.waiters.length > 0 || this.#inFlight >= this.#maxInFlight) this.#revive(host);
      },
      charge: (packets) => this.#charge(host, packets),
      end: () => {
        if (attempt.state === 'over') return;
        this.#resting.remove(host, attempt);
        host.end(attempt, this.#now());
        this.#inFlight -= 1;
        if (this.#maxInFlight < (this.#init.maxInFlight ?? defaultInFlight)) this.#maxInFlight += 0.02;
        this.#revive(host);
      },
    };
  }

  #charge(host: HostLoad, packets: number): void {
    const now = this.#now();
    this.#rate.charge(packets, now);
    this.#init.shared?.add('main', packets);
    host.charge(packets, now);
    this.#meter.sent(packets, { address: host.address, hostPackets: host.packets }, now);
  }

  #host(address: string): HostLoad {
    const known = this.#hosts.get(address);
    if (known) return known;
    const host = new HostLoad(address, this.#init.profile, this.#now());
    if (this.#hosts.size >= rememberedHosts) this.#forgetSome();
    this.#hosts.set(address, host);
    return host;
  }

  /** Looks at the few oldest entries: idle ones go, busy ones move to the end. */
  #forgetSome(): void {
    const now = this.#now();
    let looked = 0;
    for (const [address, host] of this.#hosts) {
      if (++looked > 8) return;
      this.#hosts.delete(address);
      if (!host.idle(now)) this.#hosts.set(address, host);
    }
  }

  #refuseAll(): void {
    for (const host of this.#hosts.values()) {
      for (const waiter of host.waiters.splice(0)) {
        if (!waiter.gone) waiter.admit(null);
        waiter.gone = true;
      }
    }
    this.#ready.work.clear();
    this.#ready.search.clear();
  }
}
