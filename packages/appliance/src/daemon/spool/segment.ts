import { type SpooledEvent, spooledEvent } from '@picket/contracts/event';

/** One line of a segment as it lies on disk. */
export interface SpoolLine {
  readonly seq: number;
  /** With its line feed. */
  readonly bytes: Uint8Array;
}

/** `000000000001.ndjson`: named by the first sequence number that it can hold, so that names sort. */
export function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(15, '0')}.ndjson`;
}

/** The first sequence number of a segment's name, or null for another file. */
export function segmentFirst(name: string): number | null {
  const match = /^([0-9]{15})\.ndjson$/.exec(name);
  const first = match ? Number(match[1]) : 0;
  return Number.isSafeInteger(first) && first > 0 ? first : null;
}

export function encodeLine(event: SpooledEvent): Uint8Array {
  return Buffer.from(`${JSON.stringify(event)}\n`, 'utf8');
}

export interface SegmentScan {
  /** Sequence number that comes after the last whole line. */
  readonly nextSeq: number;
  /** Bytes of whole, valid lines; what lies behind is a torn write. */
  readonly validBytes: number;
  readonly lines: readonly SpoolLine[];
}

/**
 * Reads a segment from its first line on. It ends at the first line that is not whole, not an event, or out of
 * sequence: only the last write before a crash can have left such a line, and it was never acknowledged.
 */
export function scanSegment(bytes: Uint8Array, firstSeq: number): SegmentScan {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: SpoolLine[] = [];
  let offset = 0;
  let seq = firstSeq;
  for (let end = buffer.indexOf(10); end >= 0; end = buffer.indexOf(10, offset)) {
    const line = buffer.subarray(offset, end + 1);
    if (readSeq(line) !== seq) break;
    lines.push({ seq, bytes: line });
    seq += 1;
    offset = end + 1;
  }
  return { nextSeq: seq, validBytes: offset, lines };
}

function readSeq(line: Buffer): number | null {
  const event = decodeLine(line);
  return event?.seq ?? null;
}

/** The event of a line, or null. */
export function decodeLine(line: Uint8Array): SpooledEvent | null {
  try {
    const parsed = spooledEvent.safeParse(JSON.parse(Buffer.from(line).toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
