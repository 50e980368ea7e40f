import { be16, concat, u16be, u32be } from '../services/bytes.ts';
import { encodeName, labelsAt } from './name.ts';

/*
 * DNS messages (RFC 1035 section 4.1):
 *   0 id | 2 flags (QR, opcode, AA, TC, RD, RA, Z, RCODE) | 4 QDCOUNT | 6 ANCOUNT | 8 NSCOUNT | 10 ARCOUNT | 12 sections
 */

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

/** A record where it lies: its data may hold pointers into the message. */
export interface DnsResource {
  readonly labels: readonly Uint8Array[];
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  /** Where its data begins in the message. */
  readonly at: number;
  readonly length: number;
}

export interface DnsMessage {
  readonly id: number;
  readonly flags: number;
  readonly rcode: number;
  readonly truncated: boolean;
  readonly questions: readonly {
    readonly labels: readonly Uint8Array[];
    readonly type: number;
    readonly class: number;
  }[];
  readonly answers: readonly DnsResource[];
  readonly authority: readonly DnsResource[];
  readonly additional: readonly DnsResource[];
}

const mostQuestions = 32;
const mostRecords = 512;

/** A query with one question; null when the name has no wire form. */
export function encodeQuery(question: DnsQuestion, id: number, recursion: boolean): Uint8Array | null {
  const name = encodeName(question.name);
  if (name === null) return null;
  const flags = recursion ? 0x0100 : 0;
  const head = [id, flags, 1, 0, 0, 0].map(be16);
  return concat(...head, name, be16(question.type), be16(question.class));
}

/** Reads a message as far as it is whole. Null: it is shorter than a header, or its questions are broken. Total. */
export function decodeMessage(message: Uint8Array): DnsMessage | null {
  if (message.length < 12) return null;
  const flags = u16be(message, 2);
  const questions: DnsMessage['questions'][number][] = [];
  let at = 12;
  for (let left = Math.min(u16be(message, 4), mostQuestions); left > 0; left -= 1) {
    const name = labelsAt(message, at);
    if (name === null || name.end + 4 > message.length) return null;
    questions.push({ labels: name.labels, type: u16be(message, name.end), class: u16be(message, name.end + 2) });
    at = name.end + 4;
  }
  const sections: DnsResource[][] = [];
  let left = mostRecords;
  for (const offset of [6, 8, 10]) {
    const read = resourcesAt(message, at, Math.min(u16be(message, offset), left));
    sections.push(read.records);
    left -= read.records.length;
    at = read.end;
  }
  const [answers = [], authority = [], additional = []] = sections;
  const head = { id: u16be(message, 0), flags, rcode: flags & 15, truncated: (flags & 0x0200) !== 0 };
  return { ...head, questions, answers, authority, additional };
}

function resourcesAt(message: Uint8Array, start: number, count: number): { records: DnsResource[]; end: number } {
  const records: DnsResource[] = [];
  let at = start;
  while (records.length < count) {
    const name = labelsAt(message, at);
    const length = name === null ? -1 : u16be(message, name.end + 8);
    if (name === null || length < 0 || name.end + 10 + length > message.length) break;
    const data = name.end + 10;
    const type = u16be(message, name.end);
    const ttl = u32be(message, name.end + 4);
    records.push({ labels: name.labels, type, class: u16be(message, name.end + 2), ttl, at: data, length });
    at = data + length;
  }
  return { records, end: at };
}
