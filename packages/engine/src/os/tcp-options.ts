/** The options of a TCP header that tell stacks apart, and the order in which they came. */
export interface TcpOptions {
  /** `mss,sack,ts,nop,ws`; `eol` ends the list; an unknown kind is its number. */
  readonly order: string;
  /** Maximum segment size (RFC 9293 section 3.7.1), null without the option. */
  readonly mss: number | null;
  /** Window scale (RFC 7323 section 2.2), null without the option. */
  readonly windowScale: number | null;
  readonly timestamps: boolean;
}

/** Kinds of IANA's "TCP Option Kind Numbers". */
const kinds: Readonly<Record<number, string>> = { 2: 'mss', 3: 'ws', 4: 'sack', 8: 'ts', 34: 'tfo' };
const mostOptions = 40;

/** Reads option bytes as they came. Total: stops at the first length that leads nowhere. */
export function readTcpOptions(bytes: Uint8Array): TcpOptions {
  const order: string[] = [];
  let mss: number | null = null;
  let windowScale: number | null = null;
  for (let at = 0; at < bytes.length && order.length < mostOptions; ) {
    const kind = bytes[at] ?? 0;
    if (kind === 0) {
      order.push('eol');
      break;
    }
    if (kind === 1) {
      order.push('nop');
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) break;
    order.push(kinds[kind] ?? String(kind));
    if (kind === 2 && length === 4) mss = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    if (kind === 3 && length === 3) windowScale = bytes[at + 2] ?? 0;
    at += length;
  }
  return { order: order.join(','), mss, windowScale, timestamps: order.includes('ts') };
}

/** What a SYN of ours offers: MSS 1460, SACK permitted, timestamps, window scale 7; 20 bytes, in the order of Linux. */
export function offeredOptions(timestamp: number): Uint8Array {
  const bytes = Uint8Array.from([2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7]);
  new DataView(bytes.buffer).setUint32(8, timestamp);
  return bytes;
}
