import { type DnsResource, decodeMessage, encodeQuestions } from '../dns/message.ts';
import { latin, u8 } from './bytes.ts';

/** What the service stage needs of a DNS answer. */
export interface DnsAnswer {
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

/** A query of a probe with one question, without recursion. */
export function dnsQuery(name: string, type: number, klass: number): Uint8Array {
  return encodeQuestions([{ name, type, class: klass }], queryId, false);
}

/** Total: null when the bytes are no response to our query. */
export function decodeDns(message: Uint8Array): DnsAnswer | null {
  const decoded = decodeMessage(message);
  if (decoded === null || decoded.id !== queryId || !decoded.response || decoded.opcode !== 0) return null;
  if (decoded.questions.length > 1) return null;
  const { rcode, recursionAvailable, authoritative } = decoded;
  const of = (records: readonly DnsResource[]): DnsRecord[] =>
    records.map(({ type, class: klass, at, length }) => ({ type, klass, data: message.subarray(at, at + length) }));
  return { rcode, recursionAvailable, authoritative, records: of(decoded.answers), authority: of(decoded.authority) };
}

/** First character-string of the first TXT record, or null. */
export function firstText(answer: DnsAnswer): string | null {
  const record = answer.records.find((each) => each.type === 16);
  const length = record ? u8(record.data, 0) : -1;
  return record && length > 0 ? latin(record.data.subarray(1, 1 + length)) : null;
}

/** `version.bind` in class CHAOS: the usual way to ask a name server for its software. */
export const versionQuery = dnsQuery('version.bind', 16, 3);
