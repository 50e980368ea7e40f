import { ascii, be16, concat, latin, u16be, u8 } from './bytes.ts';

/** What the service stage needs of a DNS answer (RFC 1035 section 4.1). */
export interface DnsAnswer {
  readonly id: number;
  readonly rcode: number;
  readonly recursionAvailable: boolean;
  /** The server speaks for the zone itself. */
  readonly authoritative: boolean;
  /** Records of the answer section. */
  readonly records: readonly DnsRecord[];
  /** Records of the authority section. */
  readonly authority: readonly DnsRecord[];
}

export interface DnsRecord {
  readonly type: number;
  readonly klass: number;
  readonly data: Uint8Array;
}

const queryId = 0x5049;

/** A query with one question. `flags` 0x0100 asks for recursion. */
export function dnsQuery(name: string, type: number, klass: number, flags = 0): Uint8Array {
  const labels = name
    .split('.')
    .filter((label) => label !== '')
    .map((label) => concat(Uint8Array.of(label.length), ascii(label)));
  return concat(
    be16(queryId),
    be16(flags),
    be16(1),
    be16(0),
    be16(0),
    be16(0),
    ...labels,
    Uint8Array.of(0),
    be16(type),
    be16(klass),
  );
}

/** Total: null when the bytes are no response to our query. */
export function decodeDns(message: Uint8Array): DnsAnswer | null {
  if (message.length < 12 || u16be(message, 0) !== queryId || (u8(message, 2) & 0x80) === 0) return null;
  const flags = u16be(message, 2);
  const questions = u16be(message, 4);
  const answers = Math.min(u16be(message, 6), 64);
  if (((flags >> 11) & 15) !== 0 || questions > 1) return null;
  let at = 12;
  if (questions === 1) {
    at = skipName(message, at);
    if (at < 0) return null;
    at += 4;
  }
  const records = recordsAt(message, at, answers + Math.min(u16be(message, 8), 64));
  return {
    id: u16be(message, 0),
    rcode: flags & 15,
    recursionAvailable: (flags & 0x80) !== 0,
    authoritative: (flags & 0x0400) !== 0,
    records: records.slice(0, answers),
    authority: records.slice(answers),
  };
}

/** Up to `count` records, as far as they are whole. */
function recordsAt(message: Uint8Array, start: number, count: number): DnsRecord[] {
  const records: DnsRecord[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    at = skipName(message, at);
    const length = u16be(message, at + 8);
    if (at < 0 || length < 0 || at + 10 + length > message.length) break;
    const data = message.subarray(at + 10, at + 10 + length);
    records.push({ type: u16be(message, at), klass: u16be(message, at + 2), data });
    at += 10 + length;
  }
  return records;
}

/** First character-string of the first TXT record, or null. */
export function firstText(answer: DnsAnswer): string | null {
  const record = answer.records.find((each) => each.type === 16);
  const length = record ? u8(record.data, 0) : -1;
  return record && length > 0 ? latin(record.data.subarray(1, 1 + length)) : null;
}

function skipName(message: Uint8Array, start: number): number {
  let at = start;
  for (let labels = 0; labels < 128; labels += 1) {
    const length = u8(message, at);
    if (length < 0) return -1;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
  return -1;
}

/** `version.bind` in class CHAOS: the usual way to ask a name server for its software. */
export const versionQuery = dnsQuery('version.bind', 16, 3);
