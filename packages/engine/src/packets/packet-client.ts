import type { RangeSet } from '@picket/base/range-set';
import { countAddresses } from '@picket/base/range-set';
import { onAbort } from '../gate/abort-hub.ts';
import type { LoopReport, LoopRequest, TaskEnd } from './messages.ts';
import type { PacketAnswer, PacketProber, PacketRequest } from './packet-prober.ts';
import type { PacketPort } from './packet-port.ts';
import type { ListName } from './probe-list.ts';
import { type AnswerRecord, readRecords } from './records.ts';
import type { SentCounts } from './sent-counts.ts';

/** A request for the loop. */
export interface ScanRequest {
  readonly list: ListName;
  readonly addresses: RangeSet;
  readonly rttHintMs?: number;
  /** Counts what goes out for it. */
  readonly sentCounts?: SentCounts;
  readonly signal: AbortSignal;
  /** Called for each open port, or each host found, as it is known. Places count through `addresses`. */
  readonly onRecord: (record: AnswerRecord) => void;
  /** Called for each part of the addresses that is done. */
  readonly onEnd: (end: TaskEnd) => void;
}

interface OpenScan {
  readonly request: ScanRequest;
  /** Addresses that are still under way. */
  left: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** The main thread's end of the loop: numbers requests and gives each its answers. */
export class PacketClient implements PacketProber {
  readonly #open: (onReport: (report: LoopReport) => void) => PacketPort;
  readonly #scans = new Map<number, OpenScan>();
  readonly #exchanges = new Map<
    number,
    { resolve: (answers: readonly PacketAnswer[]) => void; reject: (reason: unknown) => void }
  >();
  #port: PacketPort | null = null;
  #fault: Error | null = null;
  #closed = false;
  #nextId = 1;

  /** The loop starts with the first request. */
  constructor(open: (onReport: (report: LoopReport) => void) => PacketPort) {
    this.#open = open;
  }

  /** Resolves when every address had its `onEnd`; rejects with the signal's reason, or when the loop broke. */
  scan(request: ScanRequest): Promise<void> {
    const left = Number(countAddresses(request.addresses));
    if (request.signal.aborted) return Promise.reject(request.signal.reason);
    if (this.#closed) return Promise.reject(overError());
    if (left === 0) return Promise.resolve();
    const id = this.#newId();
    return new Promise<void>((resolve, reject) => {
      const settle = (then: () => void) => {
        stop();
        this.#scans.delete(id);
        then();
      };
      const stop = onAbort(request.signal, () => {
        this.#post({ kind: 'cancel', id });
        settle(() => reject(request.signal.reason));
      });
      const fail = (reason: unknown) => settle(() => reject(reason));
      this.#scans.set(id, { request, left, resolve: () => settle(resolve), reject: fail });
      const { list, addresses, rttHintMs = null } = request;
      this.#post({ kind: 'open', id, list, addresses, rttHintMs, sentCounts: request.sentCounts?.buffer ?? null });
    });
  }

  exchange({ signal, ...request }: PacketRequest): Promise<readonly PacketAnswer[]> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#closed) return Promise.reject(overError());
    const id = this.#newId();
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        stop();
        this.#exchanges.delete(id);
        then();
      };
      const stop = onAbort(signal, () => settle(() => reject(signal.reason)));
      this.#exchanges.set(id, {
        resolve: (answers) => settle(() => resolve(answers)),
        reject: (reason) => settle(() => reject(reason)),
      });
      this.#post({ kind: 'exchange', id, request });
    });
  }

  /** Ends the loop. Nothing is sent once this has resolved. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#port?.close();
    this.#failAll(overError());
  }

  #newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  #post(request: LoopRequest): void {
    if (this.#closed) return;
    if (this.#fault) return this.#failAll(this.#fault);
    this.#port ??= this.#open((report) => this.#take(report));
    this.#port.post(request);
  }

  #take(report: LoopReport): void {
    switch (report.kind) {
      case 'records':
        for (const record of readRecords(report.records)) this.#scans.get(record.task)?.request.onRecord(record);
        return;
      case 'end':
        return this.#end(report);
      case 'answers':
        return this.#exchanges.get(report.id)?.resolve(report.answers);
      case 'fault':
        this.#fault = new Error(`the packet loop ended: ${report.message}`);
        this.#failAll(this.#fault);
    }
  }

  #end(end: TaskEnd): void {
    const scan = this.#scans.get(end.id);
    if (!scan) return;
    scan.request.onEnd(end);
    scan.left -= end.count;
    if (scan.left <= 0) scan.resolve();
  }

  #failAll(reason: unknown): void {
    for (const scan of this.#scans.values()) scan.reject(reason);
    for (const exchange of this.#exchanges.values()) exchange.reject(reason);
  }
}

function overError(): Error {
  return new Error('the packet loop has ended');
}
