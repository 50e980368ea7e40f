import type { RangeSet } from '@picket/base/range-set';
import { countAddresses } from '@picket/base/range-set';
import { parseIp } from '@picket/base/ip';
import { AddressBook } from './address-book.ts';
import { allowedKeys } from './allowed-keys.ts';
import { AnswerJudge, type Judged } from './answer-judge.ts';
import { cellState } from './cell-state.ts';
import { Exchanges, type Exchange } from './exchanges.ts';
import { FrameSender } from './frame-sender.ts';
import { readFrame } from './frame-reader.ts';
import { Frames } from './frames.ts';
import { HalfSipHash } from './half-sip-hash.ts';
import { KeyRanges } from './key-ranges.ts';
import { LoopControl } from './loop-control.ts';
import type { LoopConfig, LoopReport, LoopRequest, TaskEnd } from './messages.ts';
import { NextHops } from './next-hops.ts';
import { isOnLink, type OpenLink, type Path } from './path.ts';
import { Paths, type PathsInit } from './paths.ts';
import { ProbeList } from './probe-list.ts';
import { ProbeWriter } from './probe-writer.ts';
import { RecordBatch } from './records.ts';
import { RoundTrips } from './round-trips.ts';
import { ScanTask } from './scan-task.ts';
import { SharedRates } from './shared-rates.ts';
import { SourcePorts } from './source-ports.ts';
import { isLosing } from './task-patience.ts';
import { TaskTable } from './task-table.ts';
import { sendTurn } from './send-turn.ts';

export interface ScanLoopInit extends Pick<PathsInit, 'table' | 'openLink'> {
  readonly config: LoopConfig;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** Epoch milliseconds of the run's clock: see `LoopConfig.openedAtMs`. */
  readonly runTime: () => number;
  readonly report: (report: LoopReport) => void;
  /** A 32-bit number. */
  readonly random: () => number;
}

/** Frames taken from a link at once. */
const receiveLimit = 8192;
/** Longest a batch of records waits, milliseconds. */
const recordsWaitMs = 10;
/** Tasks look at their waits so often, milliseconds. */
const advanceEveryMs = 1;
const lossLookEveryMs = 1000;
/** Share of late answers from which every task asks once more. */
const smallLoss = 0.002;

/**
 * The packet engine's loop: takes requests, sends what rates and states allow, takes answers in, reports. Every call of `turn` is one
 * round and never blocks; the worker (or a test) calls it again and again, and waits as long as it says.
 */
export class ScanLoop {
  readonly control: LoopControl;
  readonly book = new AddressBook();
  readonly tasks = new TaskTable();
  readonly rates: SharedRates;
  readonly sender: FrameSender;
  readonly writer: ProbeWriter;
  readonly #init: ScanLoopInit;
  readonly #ports: SourcePorts;
  readonly #paths: Paths;
  readonly #hops: NextHops;
  readonly #lists: ReadonlyMap<string, ProbeList>;
  readonly #exchanges: Exchanges;
  readonly #judge: AnswerJudge;
  readonly #records = new RecordBatch();
  readonly #roundTrips = new RoundTrips();
  readonly #cancelled = new Set<number>();
  #recordsSince = 0;
  #advancedAt = Number.NEGATIVE_INFINITY;
  #stoodStillMs = 0;
  #heldSince: number | null = null;
  #lossLookedAt = 0;
  #lossSeen = { prompt: 0, late: 0 };
  #prompt = 0;
  #late = 0;
  #now = 0;

  constructor(init: ScanLoopInit) {
    this.#init = init;
    const { config } = init;
    this.control = new LoopControl(config.control);
    this.#now = init.monotonic();
    this.rates = new SharedRates(config.rates, this.control, this.#now);
    this.#ports = new SourcePorts(config);
    this.sender = new FrameSender({
      allowed: allowedKeys(config.allowed, this.book),
      rates: this.rates,
      control: this.control,
    });
    const hash = new HalfSipHash(config.key);
    this.writer = new ProbeWriter({ book: this.book, hash, ports: this.#ports, echoId: config.echoId });
    this.#paths = new Paths({ ...init, book: this.book, vlan: config.vlan, sourceAddress: config.sourceAddress });
    this.#hops = new NextHops({ paths: this.#paths, book: this.book, sender: this.sender });
    this.#lists = new Map(config.lists.map(({ name, probes }) => [name, new ProbeList(name, probes)]));
    this.#exchanges = new Exchanges({
      ports: this.#ports,
      now: () => this.#now,
      random: init.random,
      done: (exchange) => init.report({ kind: 'answers', id: exchange.id, answers: exchange.answers }),
    });
    this.#judge = new AnswerJudge({
      tasks: this.tasks,
      writer: this.writer,
      ports: this.#ports,
      echoId: config.echoId,
      exchanges: this.#exchanges,
      onAnswer: (judged) => this.#answered(judged),
      onMac: (address, bytes, at, kind) => this.#learned(address, bytes, at, kind),
    });
  }

  /** The loop's time: stands still while nothing may be sent. */
  get now(): number {
    return this.#now;
  }

  get idle(): boolean {
    return this.tasks.all.size === 0 && this.#exchanges.size === 0 && this.#hops.idle;
  }

  take(request: LoopRequest): void {
    if (request.kind === 'cancel') {
      this.#cancelled.add(request.id);
      for (const task of this.tasks.all) if (task.init.id === request.id) this.tasks.remove(task);
    } else if (request.kind === 'open') this.#open(request);
    else this.#beginExchange(request);
  }

  /** One round. Returns how long there is nothing to do, milliseconds; 0 to go on at once. */
  turn(): number {
    const held = this.#keepTime();
    this.#drain();
    if (!held) {
      this.rates.begin(this.#now);
      this.#hops.turn(this.#now);
      sendTurn(this);
      for (const out of this.#paths.links) if (out.pending > 0) this.sender.flush(out, () => this.#drain());
      this.#exchanges.expire(this.#now);
    }
    this.#drain();
    if (this.#now - this.#advancedAt >= advanceEveryMs) this.#advance();
    this.#flushRecords(false);
    if (!this.idle) return this.#restMs(held);
    this.#cancelled.clear();
    return Number.POSITIVE_INFINITY;
  }

  /** The interface to wait on for answers, if there is one. */
  get waitingLink(): OpenLink | undefined {
    return this.#paths.links.find(({ fault }) => fault === null);
  }

  close(): void {
    this.#flushRecords(true);
    let drops = this.sender.givenUp;
    for (const { link } of this.#paths.links) drops += link.drops();
    this.control.add('drops', drops);
    this.#paths.close();
  }

  /** True while paused or outside of the times in which packets may go. */
  #keepTime(): boolean {
    const wall = this.#init.monotonic();
    const held = this.control.paused || !this.control.maySend(this.#init.runTime());
    if (held) this.#heldSince ??= wall;
    else if (this.#heldSince !== null) {
      this.#stoodStillMs += wall - this.#heldSince;
      this.#heldSince = null;
    }
    this.#now = (this.#heldSince ?? wall) - this.#stoodStillMs;
    return held;
  }

  #restMs(held: boolean): number {
    if (held) return 20;
    const wait = this.rates.scanWait(this.#now);
    return this.#sentSomething ? Math.min(wait, 5) : Math.max(1, Math.min(wait, 5));
  }

  get #sentSomething(): boolean {
    return this.lastSent > 0;
  }

  /** Packets of the last round. */
  lastSent = 0;

  #open(request: Extract<LoopRequest, { kind: 'open' }>): void {
    let offset = 0;
    for (const { addresses, path } of this.#paths.segments(request.addresses, this.#now)) {
      const count = Number(countAddresses(addresses));
      if ('refused' in path) this.#refuse(request.id, { offset, count }, { reason: path.refused, detail: path.detail });
      else this.#openSegment(request, addresses, { offset, path });
      offset += count;
    }
  }

  #openSegment(
    request: Extract<LoopRequest, { kind: 'open' }>,
    addresses: RangeSet,
    at: { readonly offset: number; readonly path: Path },
  ): void {
    const frames = new Frames(at.path, this.book);
    const { gateway, out } = at.path;
    if (gateway === null || out.link.framing === 'ip')
      return this.#start(request, addresses, { ...at, frames, nextHop: null });
    this.#hops.find(frames, gateway, this.#now, (nextHop) => {
      if (nextHop !== null) return this.#start(request, addresses, { ...at, frames, nextHop });
      const count = Number(countAddresses(addresses));
      const detail = `the gateway ${this.book.textOf(gateway)} on ${out.name} does not answer`;
      this.#refuse(request.id, { offset: at.offset, count }, { reason: 'failed', detail });
    });
  }

  #start(
    request: Extract<LoopRequest, { kind: 'open' }>,
    addresses: RangeSet,
    at: { readonly offset: number; readonly frames: Frames; readonly nextHop: Uint8Array | null },
  ): void {
    const list = this.#lists.get(request.list);
    if (!list || this.#cancelled.has(request.id)) return;
    const { config } = this.#init;
    const task = new ScanTask({
      id: request.id,
      offset: at.offset,
      addresses: KeyRanges.of(addresses, this.book),
      frames: at.frames,
      list,
      nextHop: at.nextHop,
      packetsPerSecondPerHost: config.rates.host,
      patience: config.patience,
      seed: (config.seed ^ Math.imul(request.id, 0x9e3779b1)) | 0,
      now: this.#now,
      rttHintMs: request.rttHintMs,
      sentCounts: request.sentCounts && new Uint32Array(request.sentCounts),
    });
    if (isOnLink(at.frames.path) && !list.firstOnly) this.#recall(task);
    this.tasks.add(task);
  }

  /** Neighbours met in discovery need not be asked for their MAC again. */
  #recall(task: ScanTask): void {
    for (let place = 0; place < task.hosts.length; place += 1) {
      const mac = this.#hops.neighbours.find(task.init.frames.path.out.index, task.addressAt(place), this.#now);
      if (mac) task.learnMac(place, mac, 0);
    }
  }

  #refuse(id: number, part: { offset: number; count: number }, refused: NonNullable<TaskEnd['refused']>): void {
    if (this.#cancelled.has(id)) return;
    const nothing = new Uint8Array(0);
    this.#init.report({
      kind: 'end',
      id,
      ...part,
      refused,
      states: nothing,
      hosts: nothing,
      sent: new Uint32Array(0),
      macs: nothing,
    });
  }

  #beginExchange(request: Extract<LoopRequest, { kind: 'exchange' }>): void {
    const parsed = parseIp(request.request.address);
    const nothing = () => this.#init.report({ kind: 'answers', id: request.id, answers: [] });
    if (!parsed.ok) return nothing();
    const { family, bits } = parsed.value;
    const segment = this.#paths.segments([{ family, first: bits, last: bits }], this.#now)[0];
    if (!segment || 'refused' in segment.path) return nothing();
    const frames = new Frames(segment.path, this.book);
    const to = this.book.keyOf(parsed.value);
    const exchange = this.#exchanges.begin(request, to, parsed.value);
    if (exchange === null) return nothing();
    exchange.onLink = isOnLink(segment.path);
    if (segment.path.out.link.framing === 'ip') return this.#sendExchange(exchange, frames, new Uint8Array(6));
    this.#hops.find(frames, segment.path.gateway ?? to, this.#now, (mac) => {
      if (mac) this.#sendExchange(exchange, frames, mac);
      else this.#exchanges.end(exchange);
    });
  }

  #sendExchange(exchange: Exchange, frames: Frames, macs: Uint8Array): void {
    const { out } = frames.path;
    if (!this.sender.hasRoom(out)) this.sender.flush(out, () => {});
    const place = this.sender.begin(frames, exchange.to, macs, 0);
    if (place === null) return this.#exchanges.end(exchange);
    const length = this.#exchanges.write(exchange, frames, place, this.#init.config.echoId);
    this.sender.end(frames, exchange.to, length, this.#now);
    exchange.sentAt = this.#now;
    this.sender.flush(out, () => {});
  }

  #drain(): void {
    for (const out of this.#paths.links) {
      const reader = {
        book: this.book,
        framing: out.link.framing,
        echoId: this.#init.config.echoId,
        vlan: this.#init.config.vlan ?? -1,
        listener: this.#judge,
      };
      out.link.receive(receiveLimit, (bytes, vlan) => readFrame(bytes, vlan, reader));
    }
  }

  #learned(address: number, bytes: Uint8Array, at: number, reason: 'arp' | 'ndp'): void {
    const now = this.#now;
    this.tasks.visit(address, (task, place) => {
      if (task.phase !== 'macs') return false;
      const rttMs = task.rttOf(place, now);
      if (!task.noteMac(place, bytes, at, now)) return true;
      this.control.add('answers', 1);
      const mac = bytes.slice(at, at + 6);
      this.#record(task, { place, probe: -1, rttMs, state: cellState.open, reason, ttl: 0, mac });
      return true;
    });
    for (const { index } of this.#paths.links)
      this.#hops.neighbours.learn(index, address, bytes.subarray(at, at + 6), now);
  }

  #answered({ task, place, probe, pass, state, reason, hopLimit }: Judged): void {
    const cell = probe * task.hosts.length + place;
    const rttMs = task.rttOf(cell, this.#now);
    if (reason === 'port-unreachable') task.noteRefusal(place);
    if (!task.noteAnswer(cell, state, pass, this.#now)) return;
    this.control.add('answers', 1);
    if (pass === 0) this.#prompt += 1;
    else this.#late += 1;
    if (pass === 0 && rttMs >= 0) this.#roundTrips.add(rttMs);
    if (task.gatewayName !== null && task.init.list.probes[probe]?.kind === 'syn')
      this.rates.connectionAnswered(task.gatewayName, this.#now);
    // The kernel ends a connection that it knows nothing of with a RST.
    if (reason === 'syn-ack') this.rates.chargeScan(this.#now);
    const wanted = state === cellState.open || task.init.list.firstOnly;
    if (wanted && state !== cellState.filtered)
      this.#record(task, { place, probe, rttMs, state, reason, ttl: hopLimit, mac: this.#macOf(task, place) });
  }

  #macOf(task: ScanTask, place: number): Uint8Array | null {
    return task.hasMac(place) ? task.macs.slice(place * 6, place * 6 + 6) : null;
  }

  #record(task: ScanTask, record: Omit<Parameters<RecordBatch['add']>[0], 'task' | 'place'> & { place: number }): void {
    if (this.#records.empty) this.#recordsSince = this.#now;
    this.#records.add({ ...record, task: task.init.id, place: task.init.offset + record.place });
    if (this.#records.full) this.#flushRecords(true);
  }

  #flushRecords(atOnce: boolean): void {
    if (this.#records.empty || (!atOnce && this.#now - this.#recordsSince < recordsWaitMs)) return;
    this.#init.report({ kind: 'records', records: this.#records.take() });
  }

  #advance(): void {
    this.#advancedAt = this.#now;
    if (this.#now - this.#lossLookedAt >= lossLookEveryMs) this.#lookAtLoss();
    const losing = this.#late > 8 && this.#late / (this.#prompt + this.#late) > smallLoss;
    const scan = { patience: this.#roundTrips.patience, losing };
    for (const task of this.tasks.all) {
      const { fault } = task.init.frames.path.out;
      if (fault !== null) this.#end(task, { reason: 'failed', detail: fault });
      else {
        task.advance(this.#now, scan);
        if (task.phase === 'done') this.#end(task, null);
      }
    }
  }

  /** Much loss in the last second lowers the rate of all; a little is the way's own and only costs another pass. */
  #lookAtLoss(): void {
    this.#lossLookedAt = this.#now;
    const [prompt, late] = [this.#prompt - this.#lossSeen.prompt, this.#late - this.#lossSeen.late];
    this.#lossSeen = { prompt: this.#prompt, late: this.#late };
    if (isLosing(prompt, late)) this.rates.lost(this.#now);
  }

  #end(task: ScanTask, refused: TaskEnd['refused']): void {
    this.tasks.remove(task);
    this.#flushRecords(true);
    const { id, offset, list } = task.init;
    this.#init.report({
      kind: 'end',
      id,
      offset,
      count: task.hosts.length,
      refused,
      states: list.firstOnly ? new Uint8Array(0) : task.states,
      hosts: task.hosts,
      sent: task.sent,
      macs: isOnLink(task.init.frames.path) && !list.firstOnly ? task.macs : new Uint8Array(0),
    });
  }
}
