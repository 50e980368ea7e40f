import { ascii, be16, concat, latin, u16be, u32be, u8 } from '../services/bytes.ts';
import { oneLine } from '../services/printable.ts';

/**
 * NetBIOS name service (RFC 1002 section 4.2): a DNS-like header of 12 bytes, then one question or one record. Fields of an answer:
 *
 *     0  transaction id      2  flags (bit 15: response, bits 3-0: RCODE)
 *     4  questions (0)       6  answers (1)          8, 10  authority, additional (0)
 *    12  name: 1 length (32) + 32 half-ASCII + 0     46  type    48  class   50  TTL   54  length   56  data
 */
const typeAt = 46;
const lengthAt = 54;
const dataAt = 56;
const transactionId = 0x5049;
const nodeStatusType = 0x21;
const nameServiceType = 0x20;

/** One entry of a node status answer (section 4.2.18). */
export interface NetbiosName {
  readonly name: string;
  /** Sixteenth byte: what the name stands for. 0x00 workstation or domain, 0x20 file server, 0x1b and 0x1c domain controllers, … */
  readonly suffix: number;
  readonly group: boolean;
}

export interface NodeStatus {
  /** At most 64, those being given up or in conflict left out. */
  readonly names: readonly NetbiosName[];
  /** `aa:bb:cc:dd:ee:ff` as the host states it; null when it states none (Samba sends zeros). */
  readonly mac: string | null;
}

/** Half-ASCII (RFC 1001 section 14.1): each nibble of 15 padded characters and the suffix plus `A`. */
function encodedName(name: string, suffix: number, padding: string): Uint8Array {
  const bytes = concat(ascii(name.slice(0, 15).padEnd(15, padding)), Uint8Array.of(suffix));
  const halves = [...bytes].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]);
  return Uint8Array.from([halves.length, ...halves, 0]);
}

function question(name: Uint8Array, type: number, flags: number): Uint8Array {
  return concat(be16(transactionId), be16(flags), be16(1), be16(0), be16(0), be16(0), name, be16(type), be16(1));
}

/** Node status request for `*` (section 4.2.17): asks a host for its whole table of names. */
export const nodeStatusRequest: Uint8Array = question(encodedName('*', 0, '\0'), nodeStatusType, 0);

/** Name query request (section 4.2.12), recursion desired as for a name server: which addresses has the name? */
export function nameQuery(name: string, suffix: number): Uint8Array {
  return question(encodedName(name.toUpperCase(), suffix, ' '), nameServiceType, 0x0100);
}

/** True for what can stand in a NetBIOS name that is looked up: 1 to 15 of the usual characters. */
export function isNetbiosName(text: string): boolean {
  return /^[A-Za-z0-9!@#$%^&()'{}~_-]{1,15}$/.test(text);
}

/** Data of the one record of a good answer; null when the bytes are none. */
function answerData(message: Uint8Array, type: number): Uint8Array | null {
  const flags = u16be(message, 2);
  const wrong = u16be(message, 0) !== transactionId || flags < 0 || (flags & 0x8000) === 0 || (flags & 15) !== 0;
  if (wrong || u16be(message, 6) < 1 || u8(message, 12) !== 32 || u16be(message, typeAt) !== type) return null;
  return message.subarray(dataAt, dataAt + Math.max(0, u16be(message, lengthAt)));
}

/** The answer to `nodeStatusRequest` (section 4.2.18). Total: null when the bytes are none. */
export function decodeNodeStatus(message: Uint8Array): NodeStatus | null {
  const data = answerData(message, nodeStatusType);
  const count = data ? u8(data, 0) : -1;
  if (!data || count < 0) return null;
  const names: NetbiosName[] = [];
  for (let index = 0; index < Math.min(count, 64); index += 1) {
    const entry = data.subarray(1 + index * 18, 19 + index * 18);
    if (entry.length < 18) break;
    const flags = u16be(entry, 16);
    const name = oneLine(latin(entry.subarray(0, 15)), 15);
    // Bits 12 and 11: being given up, in conflict.
    if (name !== '' && (flags & 0x1800) === 0)
      names.push({ name, suffix: u8(entry, 15), group: (flags & 0x8000) !== 0 });
  }
  return { names, mac: macAt(data, 1 + count * 18) };
}

/** The statistics after the table begin with the unit id: the MAC. */
function macAt(data: Uint8Array, at: number): string | null {
  const bytes = data.subarray(at, at + 6);
  if (bytes.length < 6 || bytes.every((byte) => byte === 0)) return null;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The addresses in a positive answer to `nameQuery` (section 4.2.13), at most 32; null when the bytes are none. */
export function decodeNameQuery(message: Uint8Array): readonly string[] | null {
  const data = answerData(message, nameServiceType);
  if (!data) return null;
  const addresses: string[] = [];
  for (let at = 0; at + 6 <= data.length && addresses.length < 32; at += 6) {
    if (u32be(data, at + 2) > 0) addresses.push([...data.subarray(at + 2, at + 6)].join('.'));
  }
  return addresses;
}
