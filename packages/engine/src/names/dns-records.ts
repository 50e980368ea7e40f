import { formatIp } from '@picket/base/ip';
import { type DnsResource, decodeMessage, encodeQuestions } from '../dns/message.ts';
import { labelsAt } from '../dns/name.ts';
import { latin, u16be } from '../services/bytes.ts';
import { oneLine } from '../services/printable.ts';

/** Record types that tell names (RFC 1035 section 3.2.2, RFC 3596, RFC 2782). */
export const recordTypes = { a: 1, ptr: 12, txt: 16, aaaa: 28, srv: 33, any: 255 } as const;

/** A record of any section. `value`: name of PTR, target of SRV, address of A and AAAA; null for other types. */
export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  readonly value: string | null;
  /** SRV only. */
  readonly port?: number;
}

export interface DnsRecords {
  readonly rcode: number;
  readonly truncated: boolean;
  /** Answer, authority and additional sections, at most 256 records. */
  readonly records: readonly DnsRecord[];
}

/** Same for all our queries: the socket tells answers apart. */
const queryId = 0x5049;
const mostRecords = 256;

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  /** Class IN with the top bit: an answer by unicast is welcome (RFC 6762 section 5.4). */
  readonly unicast?: boolean;
}

/** A query with several questions, no recursion wanted. */
export function dnsQuestions(questions: readonly DnsQuestion[]): Uint8Array {
  return encodeQuestions(
    questions.map(({ name, type, unicast }) => ({ name: wireName(name), type, class: unicast ? 0x8001 : 1 })),
    queryId,
    false,
  );
}

/** One byte a character. A label longer than 63 bytes is cut. UTF-8, as multicast DNS has it (RFC 6762 section 16). */
function wireName(name: string): string {
  const labels = name.split('.').filter((label) => label !== '');
  return labels.map((label) => latin(new TextEncoder().encode(label).subarray(0, 63))).join('.');
}

/** Every readable record of a response (RFC 1035 section 4.1). Total: null when the bytes are no response to a query of ours. */
export function decodeDnsRecords(message: Uint8Array): DnsRecords | null {
  const decoded = decodeMessage(message);
  // Multicast DNS answers carry id 0 (RFC 6762 section 18.1), those to legacy queries ours.
  if (decoded === null || (decoded.id !== queryId && decoded.id !== 0) || !decoded.response) return null;
  const { rcode, truncated, answers, authority, additional } = decoded;
  const records = [...answers, ...authority, ...additional].slice(0, mostRecords);
  return { rcode, truncated, records: records.map((record) => recordOf(message, record)) };
}

function recordOf(message: Uint8Array, { labels, type, at, length }: DnsResource): DnsRecord {
  const record = { name: nameOf(labels), type };
  if (type === recordTypes.ptr) return { ...record, value: nameAt(message, at) };
  if (type === recordTypes.srv && length >= 7)
    return { ...record, value: nameAt(message, at + 6), port: u16be(message, at + 4) };
  if ((type === recordTypes.a && length === 4) || (type === recordTypes.aaaa && length === 16))
    return { ...record, value: addressOf(message.subarray(at, at + length)) };
  return { ...record, value: null };
}

function addressOf(bytes: Uint8Array): string {
  const bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return formatIp({ family: bytes.length === 4 ? 4 : 6, bits });
}

function nameAt(message: Uint8Array, start: number): string | null {
  const read = labelsAt(message, start);
  return read === null ? null : nameOf(read.labels);
}

const nameOf = (labels: readonly Uint8Array[]) => labels.map(labelText).join('.');

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A label fit to print; dots inside it are kept apart from those between labels. */
function labelText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    text = latin(bytes);
  }
  return oneLine(text, 63).replaceAll('.', '·');
}
