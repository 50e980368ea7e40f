import type { Clock } from '@picket/base/clock';
import type { SpooledEvent } from '@picket/contracts/event';
import { encodeLine, scanSegment, segmentFirst, segmentName } from './segment.ts';
import type { SpoolStorage } from './storage.ts';
import { keepReserve, replaceFile, trimLines, trimmedCopy } from './trim-segment.ts';

export interface SpoolOptions {
  /** A segment that has grown to this many bytes is followed by a new one. */
  readonly segmentBytes: number;
  /** The spool never takes more disk than this; then it is full, as on a full disk. */
  readonly maxBytes: number;
  /** Longest time that an event waits to be made durable, milliseconds. */
  readonly syncDelayMs: number;
  /** So many waiting events are made durable at once. */
  readonly syncEvents: number;
  /** Pause between attempts while there is no space, milliseconds. */
  readonly retryMs: number;
  /** A full spool of which the platform took nothing for so long trims evidence rather than hold the scan, milliseconds. */
  readonly trimAfterMs: number;
}

export const spoolDefaults: SpoolOptions = {
  segmentBytes: 4_194_304,
  maxBytes: 2_147_483_648,
  syncDelayMs: 200,
  syncEvents: 256,
  retryMs: 1000,
  trimAfterMs: 60_000,
};

export interface SpoolBatch {
  readonly first: number;
  readonly count: number;
  /** NDJSON lines of `spooledEvent`. */
  readonly bytes: Uint8Array;
}

export interface SpoolState {
  /** Not acknowledged by the platform yet. */
  readonly events: number;
  readonly bytes: number;
  readonly full: boolean;
  /** What the system said when it did not take a write, while that lasts. */
  readonly fault: string | null;
  /** Events whose evidence was trimmed since the platform last had everything. */
  readonly trimmed: number;
}

interface Segment {
  readonly first: number;
  /** Durable bytes. */
  size: number;
  /** Up to here there is nothing left to trim. */
  trimmedTo: number;
}

interface Pending {
  readonly bytes: Uint8Array;
  readonly done: () => void;
}

/**
 * Events on their way to the platform: numbered from 1, appended to segment files, made durable before anybody is told
 * that they are safe, deleted once the platform has them. A full disk makes `append` wait; when the platform takes nothing either,
 * the oldest events lose their raw evidence, and say so. Nothing else is dropped.
 */
export class Spool {
  readonly #storage: SpoolStorage;
  readonly #clock: Clock;
  readonly #options: SpoolOptions;
  readonly #segments: Segment[];
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();
  #pending: Pending[] = [];
  #nextSeq: number;
  #durableNext: number;
  #acked: number;
  #full = false;
  #urgent = false;
  #fault: string | null = null;
  #hurry: AbortController | null = null;
  #writing: Promise<void> | null = null;
  #lock: Promise<void> = Promise.resolve();
  #cursor = { seq: 0, offset: 0, segment: 0 };
  #trimmed = 0;
  #reserveUsed = false;
  /** When the platform took something last, or the spool was opened; monotonic milliseconds. */
  #takenAt: number;

  private constructor(
    storage: SpoolStorage,
    clock: Clock,
    options: SpoolOptions,
    segments: Segment[],
    nextSeq: number,
  ) {
    this.#storage = storage;
    this.#clock = clock;
    this.#options = options;
    this.#segments = segments;
    this.#nextSeq = nextSeq;
    this.#durableNext = nextSeq;
    this.#acked = segments[0]?.first ?? nextSeq;
    this.#takenAt = clock.monotonic();
  }

  /** Opens a stream as a crash may have left it: a torn last line is cut off. */
  static async open(storage: SpoolStorage, clock: Clock, options: SpoolOptions = spoolDefaults): Promise<Spool> {
    const names = await storage.list();
    if (names.includes(trimmedCopy)) await storage.remove(trimmedCopy);
    const firsts = names.flatMap((name) => segmentFirst(name) ?? []).sort((a, b) => a - b);
    const segments: Segment[] = [];
    let next = 1;
    for (const first of firsts) {
      const size = await storage.size(segmentName(first));
      segments.push({ first, size, trimmedTo: 0 });
      next = first;
    }
    const last = segments.at(-1);
    if (last) {
      const scan = scanSegment(await storage.read(segmentName(last.first), 0, last.size), last.first);
      if (scan.validBytes < last.size) await storage.truncate(segmentName(last.first), scan.validBytes);
      last.size = scan.validBytes;
      next = scan.nextSeq;
    }
    await keepReserve(storage, options.segmentBytes);
    return new Spool(storage, clock, options, segments, next);
  }

  /** Takes an event; resolves with its number when it is durable. `urgent` events don't wait for company. Rejects when the spool is closed. */
  append(event: Omit<SpooledEvent, 'seq'>, urgent: boolean): Promise<number> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    const seq = this.#nextSeq;
    this.#nextSeq += 1;
    const bytes = encodeLine({ seq, ...event });
    const promise = new Promise<number>((resolve) => this.#pending.push({ bytes, done: () => resolve(seq) }));
    this.#writing ??= this.#drain();
    if (urgent) this.#urgent = true;
    if (urgent || this.#pending.length >= this.#options.syncEvents) this.#hurry?.abort();
    return promise;
  }

  get state(): SpoolState {
    const events = this.#nextSeq - this.#acked;
    const bytes = events === 0 ? 0 : this.#diskBytes();
    return { events, bytes, full: this.#full, fault: this.#fault, trimmed: this.#trimmed };
  }

  /** The first sequence number that the platform is not known to have. */
  get acked(): number {
    return this.#acked;
  }

  /** The first sequence number that is still on disk; equal to `durableNext` when none is. */
  get oldest(): number {
    return this.#segments[0]?.first ?? this.#durableNext;
  }

  /** The sequence number after the last durable event. */
  get durableNext(): number {
    return this.#durableNext;
  }

  /** Calls back after each change of what is durable, acknowledged or full. The answer ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Durable events from `from` on, of one segment; null when there is none. */
  read(from: number, maxEvents: number, maxBytes: number): Promise<SpoolBatch | null> {
    return this.#exclusive(async () => {
      const index = this.#segments.findLastIndex((segment) => segment.first <= from);
      const segment = this.#segments[index];
      if (!segment || from >= this.#durableNext) return null;
      const offset = await this.#offsetOf(segment, from);
      const bytes = await this.#storage.read(
        segmentName(segment.first),
        offset,
        Math.min(maxBytes, segment.size - offset),
      );
      const cut = wholeLines(bytes, maxEvents);
      if (cut.count === 0) return null;
      this.#cursor = { segment: segment.first, seq: from + cut.count, offset: offset + cut.length };
      return { first: from, count: cut.count, bytes: bytes.subarray(0, cut.length) };
    });
  }

  /** The platform has everything before `next`: segments that are done are deleted. Never moves back, see `rewind`. */
  ack(next: number): Promise<void> {
    return this.#exclusive(async () => {
      if (next > this.#durableNext)
        throw new Error(`acknowledged ${next}, but only ${this.#durableNext - 1} were written`);
      if (next > this.#acked) this.#takenAt = this.#clock.monotonic();
      this.#acked = Math.max(this.#acked, next);
      if (this.#acked === this.#durableNext) await this.#recover();
      await this.#freeSegments(this.#full);
      this.#changed();
    });
  }

  /**
   * The platform lost what it had acknowledged (its database was set back): sends again from `to`, if that is still on
   * disk. False: it is not.
   */
  rewind(to: number): Promise<boolean> {
    return this.#exclusive(async () => {
      if (to < this.oldest || to > this.#acked) return false;
      this.#acked = to;
      this.#changed();
      return true;
    });
  }

  /** Something else on this disk needs room: what the platform has and the spool only keeps for `rewind` goes. */
  makeRoom(): Promise<void> {
    return this.#exclusive(() => this.#freeSegments(true));
  }

  /** Ends writing: what is not durable yet is given up (and was never acknowledged). */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the spool is closed'));
    await this.#writing?.catch(() => {});
    await this.#exclusive(() => this.#storage.close());
  }

  async #drain(): Promise<void> {
    try {
      while (this.#pending.length > 0 && !this.#closing.signal.aborted) {
        await this.#wait();
        this.#urgent = false;
        const taken = this.#pending.splice(0, this.#options.syncEvents * 4);
        await this.#store(taken);
        for (const pending of taken) pending.done();
        this.#changed();
      }
    } finally {
      this.#writing = null;
    }
  }

  /** Gives other events time to come along. */
  async #wait(): Promise<void> {
    if (this.#urgent || this.#pending.length >= this.#options.syncEvents) return;
    this.#hurry = new AbortController();
    const either = AbortSignal.any([this.#hurry.signal, this.#closing.signal]);
    await this.#clock.sleep(this.#options.syncDelayMs, either).catch(() => {});
    this.#hurry = null;
  }

  /** Tries until the events are durable: a full disk is waited out. */
  async #store(taken: readonly Pending[]): Promise<void> {
    let bytes: Uint8Array = Buffer.concat(taken.map((pending) => pending.bytes));
    for (;;) {
      this.#closing.signal.throwIfAborted();
      const fault = await this.#exclusive(() => this.#tryStore(bytes, taken.length));
      if (fault === null) {
        this.#full = false;
        this.#fault = null;
        return;
      }
      this.#full = fault === 'ENOSPC' || fault === 'EDQUOT' || fault === 'limit';
      this.#fault = fault;
      await this.#exclusive(() => this.#freeSegments(this.#full)).catch(() => {});
      const trimmed = this.#mayTrim() ? await this.#exclusive(() => this.#trim(bytes)) : null;
      this.#changed();
      bytes = trimmed ?? bytes;
      if (trimmed !== null) continue;
      await this.#clock.sleep(this.#options.retryMs, this.#closing.signal);
    }
  }

  #mayTrim(): boolean {
    return this.#full && this.#clock.monotonic() - this.#takenAt >= this.#options.trimAfterMs;
  }

  /** Takes evidence from the oldest segment that has some, else from what waits to be written, and gives that back. Null: there was none. */
  async #trim(waiting: Uint8Array): Promise<Uint8Array | null> {
    for (const segment of this.#segments) {
      if (segment.trimmedTo < segment.size && (await this.#trimSegment(segment))) return waiting;
    }
    const { bytes, events } = trimLines(waiting);
    this.#trimmed += events;
    return events === 0 ? null : bytes;
  }

  async #trimSegment(segment: Segment): Promise<boolean> {
    const name = segmentName(segment.first);
    this.#reserveUsed = true;
    try {
      const { bytes, events } = trimLines(await this.#storage.read(name, 0, segment.size));
      if (events > 0) await replaceFile(this.#storage, name, bytes);
      segment.size = bytes.byteLength;
      segment.trimmedTo = bytes.byteLength;
      this.#trimmed += events;
      this.#cursor = { seq: 0, offset: 0, segment: 0 };
      return events > 0;
    } catch {
      // No room for the copy, even without the reserve: tried again with the next attempt to write.
      return false;
    }
  }

  /** The platform has everything again: ready for the next time that it is away. */
  async #recover(): Promise<void> {
    this.#trimmed = 0;
    if (this.#full || !this.#reserveUsed) return;
    this.#reserveUsed = false;
    await keepReserve(this.#storage, this.#options.segmentBytes).catch(() => {});
  }

  async #tryStore(bytes: Uint8Array, count: number): Promise<string | null> {
    if (this.#diskBytes() + bytes.byteLength > this.#options.maxBytes && this.#diskBytes() > 0) return 'limit';
    try {
      const segment = await this.#activeSegment();
      await this.#write(segment, bytes);
      segment.size += bytes.byteLength;
      this.#durableNext += count;
      return null;
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    }
  }

  async #write(segment: Segment, bytes: Uint8Array): Promise<void> {
    const name = segmentName(segment.first);
    try {
      await this.#storage.append(name, segment.size, bytes);
      await this.#storage.sync(name);
    } catch (error) {
      await this.#storage.truncate(name, segment.size).catch(() => {});
      throw error;
    }
  }

  async #activeSegment(): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last && last.size < this.#options.segmentBytes) return last;
    return this.#newSegment();
  }

  async #newSegment(): Promise<Segment> {
    const segment = { first: this.#durableNext, size: 0, trimmedTo: 0 };
    await this.#storage.create(segmentName(segment.first));
    this.#segments.push(segment);
    return segment;
  }

  /** Deletes what lies wholly before `acked`. The last segment stays, empty, because its name keeps the numbering. */
  async #freeSegments(scarce: boolean): Promise<void> {
    const last = this.#segments.at(-1);
    // While there is space, what the platform took last stays for a while: see `rewind`.
    const due = last !== undefined && last.size > 0 && (scarce || last.size >= this.#options.segmentBytes);
    if (due && this.#acked === this.#durableNext) await this.#emptySegment(last);
    while (this.#segments.length > 1 && (this.#segments[1]?.first ?? 0) <= this.#acked) {
      const [done] = this.#segments.splice(0, 1);
      if (done) await this.#storage.remove(segmentName(done.first)).catch(() => {});
    }
  }

  /**
   * Gives the space of the last segment back without needing any. First the name, then the content: a crash between the
   * two leaves lines that don't fit the name, which opening cuts off.
   */
  async #emptySegment(segment: Segment): Promise<void> {
    const renamed = { first: this.#durableNext, size: 0, trimmedTo: 0 };
    await this.#storage.rename(segmentName(segment.first), segmentName(renamed.first));
    this.#segments.splice(-1, 1, renamed);
    await this.#storage.truncate(segmentName(renamed.first), 0);
  }

  async #offsetOf(segment: Segment, seq: number): Promise<number> {
    if (this.#cursor.segment === segment.first && this.#cursor.seq === seq) return this.#cursor.offset;
    const bytes = await this.#storage.read(segmentName(segment.first), 0, segment.size);
    return wholeLines(bytes, seq - segment.first).length;
  }

  #diskBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Reads, writes and deletions of the files one after the other. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lock.then(work);
    this.#lock = result.then(
      () => {},
      () => {},
    );
    return result;
  }
}

/** Length in bytes of the first `limit` whole lines, and how many there are. */
function wholeLines(bytes: Uint8Array, limit: number): { readonly count: number; readonly length: number } {
  let count = 0;
  let length = 0;
  while (count < limit) {
    const end = bytes.indexOf(10, length);
    if (end < 0) break;
    length = end + 1;
    count += 1;
  }
  return { count, length };
}
