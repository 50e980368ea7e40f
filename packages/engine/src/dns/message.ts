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
  /** QR: an answer, no query. */
  readonly response: boolean;
  readonly opcode: number;
  /** AA: the server speaks for the zone itself. */
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionAvailable: boolean;
  readonly rcode: number;
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
  return encodeName(question.name) === null ? null : encodeQuestions([question], id, recursion);
}

/** A query with several questions, as multicast DNS has them; those whose name has no wire form are left out. */
export function encodeQuestions(questions: readonly DnsQuestion[], id: number, recursion: boolean): Uint8Array {
  const bodies = questions.flatMap((question) => {
    const name = encodeName(question.name);
    return name === null ? [] : [concat(name, be16(question.type), be16(question.class))];
  });
  const head = [id, recursion ? 0x0100 : 0, bodies.length, 0, 0, 0].map(be16);
  return concat(...head, ...bodies);
}

/** Reads a message as far as it is whole. Null: it is shorter than a header, or its questions are broken. Total. */
export function decodeMessage(message: Uint8Array): DnsMessage | null {
  if (message.length < 12) return null;
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
  return { ...headerOf(message), questions, answers, authority, additional };
}

function headerOf(message: Uint8Array): Omit<DnsMessage, 'questions' | 'answers' | 'authority' | 'additional'> {
  const flags = u16be(message, 2);
  return {
    id: u16be(message, 0),
    flags,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    rcode: flags & 15,
  };
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
