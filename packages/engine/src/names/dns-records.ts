import { formatIp } from '@picket/base/ip';
import { ascii, be16, concat, latin, u16be, u8 } from '../services/bytes.ts';
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
const longestName = 255;
const mostRecords = 256;

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  /** Class IN with the top bit: an answer by unicast is welcome (RFC 6762 section 5.4). */
  readonly unicast?: boolean;
}

/** A query with several questions, no recursion wanted. */
export function dnsQuestions(questions: readonly DnsQuestion[]): Uint8Array {
  const bodies = questions.map(({ name, type, unicast }) =>
    concat(encodeName(name), be16(type), be16(unicast ? 0x8001 : 1)),
  );
  return concat(be16(queryId), be16(0), be16(questions.length), be16(0), be16(0), be16(0), ...bodies);
}

/** Labels split at dots; a label longer than 63 bytes is cut. UTF-8, as multicast DNS has it (RFC 6762 section 16). */
function encodeName(name: string): Uint8Array {
  const labels = name
    .split('.')
    .filter((label) => label !== '')
    .map((label) => new TextEncoder().encode(label).subarray(0, 63))
    .map((label) => concat(Uint8Array.of(label.length), label));
  return concat(...labels, ascii('\0'));
}

/** Every readable record of a response (RFC 1035 section 4.1). Total: null when the bytes are no response to a query of ours. */
export function decodeDnsRecords(message: Uint8Array): DnsRecords | null {
  // Multicast DNS answers carry id 0 (RFC 6762 section 18.1), those to legacy queries ours.
  const id = u16be(message, 0);
  const flags = u16be(message, 2);
  if (message.length < 12 || (id !== queryId && id !== 0) || (flags & 0x8000) === 0) return null;
  let at = 12;
  for (let count = Math.min(u16be(message, 4), 32); count > 0; count -= 1) {
    const name = nameAt(message, at);
    if (!name) return null;
    at = name.end + 4;
  }
  const wanted = Math.min(u16be(message, 6) + u16be(message, 8) + u16be(message, 10), mostRecords);
  const records: DnsRecord[] = [];
  while (records.length < wanted) {
    const name = nameAt(message, at);
    const length = name ? u16be(message, name.end + 8) : -1;
    if (!name || length < 0 || name.end + 10 + length > message.length) break;
    records.push(recordOf(message, name, length));
    at = name.end + 10 + length;
  }
  return { rcode: flags & 15, truncated: (flags & 0x0200) !== 0, records };
}

function recordOf(
  message: Uint8Array,
  owner: { readonly name: string; readonly end: number },
  length: number,
): DnsRecord {
  const type = u16be(message, owner.end);
  const data = owner.end + 10;
  const record = { name: owner.name, type };
  if (type === recordTypes.ptr) return { ...record, value: nameAt(message, data)?.name ?? null };
  if (type === recordTypes.srv && length >= 7)
    return { ...record, value: nameAt(message, data + 6)?.name ?? null, port: u16be(message, data + 4) };
  if ((type === recordTypes.a && length === 4) || (type === recordTypes.aaaa && length === 16))
    return { ...record, value: addressOf(message.subarray(data, data + length)) };
  return { ...record, value: null };
}

function addressOf(bytes: Uint8Array): string {
  const bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return formatIp({ family: bytes.length === 4 ? 4 : 6, bits });
}

/** Reads a name, following pointers (section 4.1.4) backwards only, so that it ends. `end`: index after it where it stands. */
function nameAt(message: Uint8Array, start: number): { readonly name: string; readonly end: number } | null {
  const labels: string[] = [];
  let at = start;
  let end = -1;
  let bound = start;
  for (let total = 0; total <= longestName; ) {
    const length = u8(message, at);
    if (length < 0) return null;
    if (length === 0) return { name: labels.join('.'), end: end < 0 ? at + 1 : end };
    if (length >= 0xc0) {
      const target = u16be(message, at) & 0x3fff;
      if (u8(message, at + 1) < 0 || target >= bound) return null;
      if (end < 0) end = at + 2;
      at = target;
      bound = target;
      continue;
    }
    if (length > 63 || at + 1 + length > message.length) return null;
    labels.push(labelText(message.subarray(at + 1, at + 1 + length)));
    total += 1 + length;
    at += 1 + length;
  }
  return null;
}

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
