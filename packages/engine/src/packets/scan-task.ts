import { AdaptiveRate } from '../gate/adaptive-rate.ts';
import type { AddressKey } from './address-book.ts';
import { type CellState, cellState } from './cell-state.ts';
import { CellWalk } from './cell-walk.ts';
import type { Frames } from './frames.ts';
import type { KeyRanges } from './key-ranges.ts';
import { isOnLink } from './path.ts';
import type { ProbeList } from './probe-list.ts';
import { RoundTrips, SendTimes } from './round-trips.ts';
import { SlowRounds } from './slow-rounds.ts';
import { isLosing, type Patience, passesFor, patienceMs } from './task-patience.ts';

/** What a task knows of an address. */
export const hostFlag = {
  /** It answered something that only a host answers. */
  up: 1,
  /** Its MAC is known. */
  mac: 2,
  /** On the link and without a MAC: nothing else can reach it. */
  absent: 4,
  /** It refuses UDP ports with ICMP, which hosts do a few times a second at most. */
  refuses: 8,
} as const;

export interface TaskInit {
  readonly id: number;
  /** Place of the first address in the request that the task is (a part of) the answer to. */
  readonly offset: number;
  readonly addresses: KeyRanges;
  readonly frames: Frames;
  readonly list: ProbeList;
  /** MAC of the next hop, when the path has one. */
  readonly nextHop: Uint8Array | null;
  readonly packetsPerSecondPerHost: number;
  readonly patience: Patience;
  readonly seed: number;
  readonly now: number;
  /** Round trip seen earlier, milliseconds. */
  readonly rttHintMs: number | null;
  /** Where its packets are counted, see `SentCounts`; null: nowhere. */
  readonly sentCounts: Uint32Array | null;
}

export type TaskPhase = 'macs' | 'probes' | 'slow' | 'done';

/**
 * One request under way: addresses × probes as cells with a state each, asked in passes, later ones only of what stays silent. On a link
 * with MACs the addresses are asked for those first, which is their discovery. Pure: time and answers come from the loop.
 */
export class ScanTask {
  readonly init: TaskInit;
  readonly states: Uint8Array;
  readonly hosts: Uint8Array;
  /** Six bytes an address, or six for all when there is a next hop. */
  readonly macs: Uint8Array;
  /** Packets that each address got. */
  readonly sent: Uint32Array;
  readonly rate: AdaptiveRate;
  phase: TaskPhase;
  pass = 0;
  /** Answers to first packets, and to later ones: the latter mean loss. */
  prompt = 0;
  late = 0;
  readonly roundTrips = new RoundTrips();
  /** Tells the gateway of its path from others; null without one. */
  readonly gatewayName: string | null;
  readonly #times: SendTimes;
  #walk: CellWalk;
  #slow: SlowRounds | null = null;
  #cursor = 0;
  #held = -1;
  #remaining: number;
  #quietSince: number;

  constructor(init: TaskInit) {
    this.init = init;
    const count = init.addresses.count;
    const onLink = isOnLink(init.frames.path);
    this.states = new Uint8Array(count * init.list.count);
    this.hosts = new Uint8Array(count);
    this.sent = new Uint32Array(count);
    this.macs = onLink ? new Uint8Array(6 * count) : (init.nextHop ?? new Uint8Array(6));
    this.rate = new AdaptiveRate(init.packetsPerSecondPerHost * count, lossFeedback, init.now);
    this.#times = new SendTimes(this.states.length);
    if (init.rttHintMs !== null) this.roundTrips.add(init.rttHintMs);
    this.#quietSince = init.now;
    const { gateway, out } = init.frames.path;
    this.gatewayName = gateway === null ? null : `${out.index} ${gateway}`;
    this.phase = onLink ? 'macs' : 'probes';
    this.#walk = this.#walkOf(this.phase);
    this.#remaining = onLink ? count : this.#cellsWanted();
  }

  /** Takes MACs that are known already; call before the first packet. */
  learnMac(place: number, mac: Uint8Array, at: number): void {
    if (((this.hosts[place] ?? 0) & hostFlag.mac) !== 0) return;
    this.macs.set(mac.subarray(at, at + 6), place * 6);
    this.#flag(place, hostFlag.mac);
    if (this.phase === 'macs') this.#remaining -= 1;
  }

  hasMac(place: number): boolean {
    return ((this.hosts[place] ?? 0) & hostFlag.mac) !== 0;
  }

  /** Where `macs` holds the MAC for an address. */
  macAt(place: number): number {
    return isOnLink(this.init.frames.path) ? place * 6 : 0;
  }

  addressAt(place: number): AddressKey {
    return this.init.addresses.at(place);
  }

  /** The next cell to ask (an address place in phase `macs`), or -1 when there is none at this moment. */
  next(now: number): number {
    if (this.phase === 'done') return -1;
    const held = this.#held;
    this.#held = -1;
    if (held >= 0 && !this.#settled(held)) return held;
    if (this.#slow) return this.#slow.next(now);
    for (let looked = 0; looked < mostLooks; looked += 1) {
      if (this.#cursor >= this.#walk.cells) return -1;
      const cell = this.#walk.at(this.#cursor);
      this.#cursor += 1;
      if (!this.#settled(cell)) return cell;
    }
    return -1;
  }

  /** The cell that `next` gave last can't be asked yet: it comes again. */
  putBack(cell: number): void {
    this.#held = cell;
  }

  /** A packet for a cell that `next` gave went out. */
  noteSent(cell: number, now: number): void {
    const place = this.phase === 'macs' ? cell : cell % this.hosts.length;
    this.sent[place] = (this.sent[place] ?? 0) + 1;
    this.#times.sent(cell, now);
    this.#quietSince = now;
  }

  /** A MAC came in for an address. True when it is news. */
  noteMac(place: number, mac: Uint8Array, at: number, now: number): boolean {
    if (this.hasMac(place)) return false;
    this.#sample(place, now, this.phase === 'macs');
    this.learnMac(place, mac, at);
    this.#flag(place, hostFlag.up);
    this.#count(this.pass);
    return true;
  }

  /** An answer for a cell; `pass` is that of the packet it answers. True when it is news. */
  noteAnswer(cell: number, state: CellState, pass: number, now: number): boolean {
    if (this.phase === 'done') return false;
    const place = cell % this.hosts.length;
    this.#sample(cell, now, this.phase !== 'macs' && pass === Math.min(this.pass, mostPasses - 1));
    const before = this.states[cell] ?? 0;
    const wasUp = ((this.hosts[place] ?? 0) & hostFlag.up) !== 0;
    if (before !== cellState.silent && !(before === cellState.filtered && state === cellState.open)) return false;
    this.states[cell] = state;
    if (state !== cellState.filtered) this.#flag(place, hostFlag.up);
    this.#count(pass);
    if (this.phase === 'macs' || before !== cellState.silent) return true;
    if (!this.init.list.firstOnly) this.#remaining -= 1;
    else if (!wasUp && state !== cellState.filtered) this.#remaining -= 1;
    return true;
  }

  noteRefusal(place: number): void {
    this.#flag(place, hostFlag.refuses);
  }

  /** Milliseconds since the packet for a cell, or -1. */
  rttOf(cell: number, now: number): number {
    return this.#times.since(cell, now);
  }

  /** Goes on when all is answered or waited for. Call now and then; cheap. */
  advance(now: number, scan: { readonly patience: number; readonly losing: boolean }): void {
    if (this.phase === 'done') return;
    const over =
      this.#remaining === 0 || (this.#sentAll() && now - this.#quietSince >= this.#patienceMs(scan.patience));
    if (!over) return;
    const enough =
      this.#remaining === 0 ||
      this.#slow !== null ||
      this.pass + 1 >= passesFor(this.init.patience, { prompt: this.prompt, late: this.late, losing: scan.losing });
    if (enough) return this.#endPhase(now);
    if (isLosing(this.prompt, this.late)) this.rate.lost(now);
    this.pass += 1;
    this.#cursor = 0;
  }

  #endPhase(now: number): void {
    if (this.phase === 'macs') this.#endMacs(now);
    else if (this.phase === 'probes' && this.#startSlow(now)) this.phase = 'slow';
    else this.phase = 'done';
  }

  #endMacs(now: number): void {
    for (let place = 0; place < this.hosts.length; place += 1)
      if (!this.hasMac(place)) this.#flag(place, hostFlag.absent);
    if (this.init.list.firstOnly) {
      this.phase = 'done';
      return;
    }
    this.phase = 'probes';
    this.pass = 0;
    this.#cursor = 0;
    this.#walk = this.#walkOf('probes');
    this.#quietSince = now;
    this.#remaining = this.#cellsWanted();
    if (this.#remaining === 0) this.phase = 'done';
  }

  #startSlow(now: number): boolean {
    const { list } = this.init;
    if (this.#remaining === 0 || !list.hasUdp || list.firstOnly) return false;
    const { states, hosts } = this;
    const limited = (place: number) => ((hosts[place] ?? 0) & hostFlag.refuses) !== 0;
    const open = (cell: number) =>
      list.probes[Math.floor(cell / hosts.length)]?.kind === 'udp' && states[cell] === cellState.silent;
    const shape = { addresses: hosts.length, probes: list.count, limited, open };
    const slow = new SlowRounds(shape, now);
    if (!slow.hasWork) return false;
    this.#slow = slow;
    this.pass += 1;
    return true;
  }

  #sentAll(): boolean {
    return this.#held < 0 && (this.#slow ? this.#slow.over : this.#cursor >= this.#walk.cells);
  }

  #patienceMs(scanPatience: number): number {
    return patienceMs(this.init.patience, {
      own: this.roundTrips.patience,
      scan: scanPatience,
      last: this.pass + 1 >= this.init.patience.passes,
      macs: this.phase === 'macs',
    });
  }

  #walkOf(phase: TaskPhase): CellWalk {
    const { addresses, list, seed } = this.init;
    const probes = phase === 'macs' ? 1 : list.count;
    return new CellWalk({ addresses: addresses.count, probes, rotate: phase !== 'macs' && !list.firstOnly, seed });
  }

  #cellsWanted(): number {
    const reachable = this.hosts.reduce((sum, flags) => sum + ((flags & hostFlag.absent) === 0 ? 1 : 0), 0);
    if (this.init.list.firstOnly) return reachable;
    return reachable * this.init.list.count - this.states.reduce((sum, state) => sum + (state === 0 ? 0 : 1), 0);
  }

  #settled(cell: number): boolean {
    if (this.phase === 'macs') return this.hasMac(cell);
    const flags = this.hosts[cell % this.hosts.length] ?? 0;
    if ((flags & hostFlag.absent) !== 0) return true;
    if (this.init.list.firstOnly && (flags & hostFlag.up) !== 0) return true;
    return this.states[cell] !== cellState.silent;
  }

  #sample(cell: number, now: number, usable: boolean): void {
    const rtt = usable ? this.#times.since(cell, now) : -1;
    if (rtt >= 0) this.roundTrips.add(rtt);
    this.#quietSince = now;
  }

  #count(pass: number): void {
    if (this.phase === 'slow') return;
    if (pass > 0) this.late += 1;
    else this.prompt += 1;
  }

  #flag(place: number, flag: number): void {
    this.hosts[place] = (this.hosts[place] ?? 0) | flag;
  }
}

/** A host that loses packets gets half, down to a 64th, and a tenth more for each quiet second. */
const lossFeedback = { lossFactor: 0.5, lowestFactor: 1 / 64, recoveryPerSecond: 0.1 };
/** Settled cells that one call of `next` steps over. */
const mostLooks = 4096;
/** Passes that answers can be told apart by. */
export const mostPasses = 8;
