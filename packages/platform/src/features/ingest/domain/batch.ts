import { err, ok, type Result } from '@picket/base/result';
import { type SpooledEvent, spooledEvent } from '@picket/contracts/event';
import { applianceLimits } from '@picket/contracts/protocol';

/** Why an upload is refused whole. */
export interface BatchFault {
  /** Stable problem code. */
  readonly code: 'events.malformed' | 'events.too-large' | 'events.wrong-count' | 'events.wrong-order';
  /** Names the line and the reason. */
  readonly detail: string;
}

export interface BatchHeader {
  /** Sequence number of the first line. */
  readonly first: number;
  /** Lines that were announced. */
  readonly count: number;
}

const newline = 10;

/** Reads the unpacked body of an upload: one event a line, numbered without a gap from `first`. */
export function readBatch(body: Uint8Array, header: BatchHeader): Result<readonly SpooledEvent[], BatchFault> {
  const events: SpooledEvent[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let start = 0; start < body.length; ) {
    const found = body.indexOf(newline, start);
    const end = found < 0 ? body.length : found;
    const line = body.subarray(start, end);
    start = end + 1;
    if (events.length >= header.count) return wrongCount(header.count, 'more');
    const event = readLine(line, header.first + events.length, decoder);
    if (!event.ok) return event;
    events.push(event.value);
  }
  return events.length === header.count ? ok(events) : wrongCount(header.count, String(events.length));
}

function readLine(
  line: Uint8Array,
  seq: number,
  decoder: InstanceType<typeof TextDecoder>,
): Result<SpooledEvent, BatchFault> {
  if (line.length > applianceLimits.eventBytes) {
    return err({
      code: 'events.too-large',
      detail: `Event ${seq} has ${line.length} bytes; one event may have ${applianceLimits.eventBytes}.`,
    });
  }
  const json = parseLine(line, decoder);
  if (json === undefined) return err({ code: 'events.malformed', detail: `Event ${seq} is not JSON.` });
  const parsed = spooledEvent.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    return err({
      code: 'events.malformed',
      detail: `Event ${seq} is not valid: ${where} ${issue?.message ?? ''}`.slice(0, 500),
    });
  }
  if (parsed.data.seq !== seq) {
    return err({
      code: 'events.wrong-order',
      detail: `Event ${seq} is expected where event ${parsed.data.seq} stands.`,
    });
  }
  return ok(parsed.data);
}

function parseLine(line: Uint8Array, decoder: InstanceType<typeof TextDecoder>): unknown {
  try {
    return JSON.parse(decoder.decode(line));
  } catch {
    return undefined;
  }
}

function wrongCount(announced: number, found: string): Result<never, BatchFault> {
  return err({ code: 'events.wrong-count', detail: `${announced} events were announced and ${found} came.` });
}
