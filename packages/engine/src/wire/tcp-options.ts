import { read16, read32, write16, write32 } from './big-endian.ts';

/** One TCP option (RFC 9293 section 3.2; RFC 7323: window scale and timestamps; RFC 2018: SACK permitted). */
export type TcpOption =
  | { readonly kind: 'end' | 'nop' | 'sack-permitted' }
  | { readonly kind: 'mss'; readonly bytes: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'other'; readonly number: number; readonly data: Uint8Array };

const number = { end: 0, nop: 1, mss: 2, windowScale: 3, sackPermitted: 4, timestamps: 8 } as const;

/**
 * The options in their order, which tells stacks apart. Total: stops at the end marker (which it lists) and at the first option whose
 * length is impossible.
 */
export function decodeTcpOptions(bytes: Uint8Array, at = 0, end = bytes.length): TcpOption[] {
  const options: TcpOption[] = [];
  let next = at;
  while (next < end) {
    const kind = bytes[next] ?? 0;
    if (kind === number.end) {
      options.push({ kind: 'end' });
      break;
    }
    const length = kind === number.nop ? 1 : next + 1 < end ? (bytes[next + 1] ?? 0) : 0;
    if (kind !== number.nop && (length < 2 || next + length > end)) break;
    options.push(kind === number.nop ? { kind: 'nop' } : optionAt(bytes, next, length));
    next += length;
  }
  return options;
}

function optionAt(bytes: Uint8Array, at: number, length: number): TcpOption {
  const kind = bytes[at] ?? 0;
  if (kind === number.mss && length === 4) return { kind: 'mss', bytes: read16(bytes, at + 2) };
  if (kind === number.windowScale && length === 3) return { kind: 'window-scale', shift: bytes[at + 2] ?? 0 };
  if (kind === number.sackPermitted && length === 2) return { kind: 'sack-permitted' };
  if (kind === number.timestamps && length === 10) {
    return { kind: 'timestamps', value: read32(bytes, at + 2), echo: read32(bytes, at + 6) };
  }
  return { kind: 'other', number: kind, data: bytes.slice(at + 2, at + length) };
}

/** Writes the options and pads them with zeros to a multiple of 4; returns where they end. */
export function writeTcpOptions(out: Uint8Array, at: number, options: readonly TcpOption[]): number {
  let next = at;
  for (const option of options) next = writeOption(out, next, option);
  while ((next - at) % 4 !== 0) {
    out[next] = number.end;
    next += 1;
  }
  return next;
}

function writeOption(out: Uint8Array, at: number, option: TcpOption): number {
  switch (option.kind) {
    case 'end':
      out[at] = number.end;
      return at + 1;
    case 'nop':
      out[at] = number.nop;
      return at + 1;
    case 'sack-permitted':
      return writeStart(out, at, number.sackPermitted, 2);
    case 'mss':
      write16(out, at + 2, option.bytes);
      return writeStart(out, at, number.mss, 4);
    case 'window-scale':
      out[at + 2] = option.shift;
      return writeStart(out, at, number.windowScale, 3);
    case 'timestamps':
      write32(out, at + 2, option.value);
      write32(out, at + 6, option.echo);
      return writeStart(out, at, number.timestamps, 10);
    case 'other':
      out.set(option.data, at + 2);
      return writeStart(out, at, option.number, 2 + option.data.length);
  }
}

function writeStart(out: Uint8Array, at: number, kind: number, length: number): number {
  out[at] = kind;
  out[at + 1] = length;
  return at + length;
}
