import { type AnswerReason, answerReasons, type CellState, cellState, reasonNumber } from './cell-state.ts';

/**
 * What the loop finds, in batches of fixed records so that a thousand answers cost one message:
 *
 *     0 task (4)   4 address place (4)   8 probe (4, 0xffffffff: none)   12 RTT ms (float, -1 unknown)
 *     16 state   17 reason   18 TTL   19 has MAC   20 MAC (6)   26 -   28
 */
export interface AnswerRecord {
  readonly task: number;
  readonly place: number;
  /** Index in the probe list; -1 for an answer to a question for a MAC. */
  readonly probe: number;
  readonly rttMs: number;
  readonly state: CellState;
  readonly reason: AnswerReason;
  /** As it arrived; 0 where there is none. */
  readonly ttl: number;
  readonly mac: Uint8Array | null;
}

const recordBytes = 28;
const batchRecords = 512;
const noProbe = 0xffffffff;

export class RecordBatch {
  #view = new DataView(new ArrayBuffer(recordBytes * batchRecords));
  #count = 0;

  get full(): boolean {
    return this.#count >= batchRecords;
  }

  get empty(): boolean {
    return this.#count === 0;
  }

  /** Call only while it is not full. */
  add(record: AnswerRecord): void {
    const at = this.#count * recordBytes;
    const view = this.#view;
    view.setUint32(at, record.task);
    view.setUint32(at + 4, record.place);
    view.setUint32(at + 8, record.probe < 0 ? noProbe : record.probe);
    view.setFloat32(at + 12, record.rttMs);
    view.setUint8(at + 16, record.state);
    view.setUint8(at + 17, reasonNumber(record.reason));
    view.setUint8(at + 18, record.ttl);
    view.setUint8(at + 19, record.mac ? 1 : 0);
    if (record.mac) new Uint8Array(view.buffer, at + 20, 6).set(record.mac);
    this.#count += 1;
  }

  /** The batch, to be handed over; the next begins. */
  take(): ArrayBuffer {
    const records = this.#view.buffer.slice(0, this.#count * recordBytes);
    this.#count = 0;
    return records;
  }
}

export function* readRecords(records: ArrayBuffer): Generator<AnswerRecord> {
  const view = new DataView(records);
  for (let at = 0; at + recordBytes <= records.byteLength; at += recordBytes) {
    const probe = view.getUint32(at + 8);
    const state = view.getUint8(at + 16);
    yield {
      task: view.getUint32(at),
      place: view.getUint32(at + 4),
      probe: probe === noProbe ? -1 : probe,
      rttMs: view.getFloat32(at + 12),
      state: stateOf(state),
      reason: answerReasons[view.getUint8(at + 17)] ?? 'no-answer',
      ttl: view.getUint8(at + 18),
      mac: view.getUint8(at + 19) === 1 ? new Uint8Array(records.slice(at + 20, at + 26)) : null,
    };
  }
}

/** A state from its byte. */
export function stateOf(value: number): CellState {
  const { silent, open, closed, filtered } = cellState;
  return value === open ? open : value === closed ? closed : value === filtered ? filtered : silent;
}
