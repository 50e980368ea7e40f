import { concat, fromUtf16le, hex, le32, u32le } from '../../../services/bytes.ts';

/** 4b324fc8-1670-01d3-1278-5a47bf6ee188 3.0: the server service (MS-SRVS section 1.9). */
export const serverService: Uint8Array = hex('c8 4f 32 4b 70 16 d3 01 12 78 5a 47 bf 6e e1 88 03 00 00 00');

/** NetrShareEnum (MS-SRVS section 3.1.4.8). */
export const shareEnumOperation = 15;

/** Shares that are read. */
const mostShares = 1000;
/** ERROR_MORE_DATA: what there is counts. */
const moreData = 234;
/** Longest name or remark, characters. */
const mostCharacters = 1024;

/** Arguments of NetrShareEnum at level 1, in NDR: everything at once. */
export function shareEnumArguments(server: string): Uint8Array {
  const name = Uint8Array.from(Buffer.from(`\\\\${server}\0`, 'utf16le'));
  const characters = le32(name.length / 2);
  return concat(
    le32(0x00020000), // server name
    characters,
    le32(0),
    characters,
    name,
    new Uint8Array(-name.length & 3),
    le32(1), // level, and the choice of the union
    le32(1),
    le32(0x00020004), // container without entries
    le32(0),
    le32(0),
    le32(0xffffffff), // as many bytes as there are
    le32(0x00020008), // resume handle
    le32(0),
  );
}

/** A share as the server lists it. */
export interface Share {
  readonly name: string;
  /** STYPE (MS-SRVS section 2.2.2.4): 0 disk, 1 printer, 3 IPC; the top bit marks it as special. */
  readonly type: number;
  readonly remark: string;
}

/** What a server answers: its shares, or the code (Win32) with which it refuses. */
export type ShareList = { readonly shares: readonly Share[] } | { readonly code: number };

/** The result of NetrShareEnum at level 1 (SHARE_INFO_1_CONTAINER). Total: null for what is none. */
export function decodeShareList(stub: Uint8Array): ShareList | null {
  const read = u32le(stub, 0) === 1 && u32le(stub, 4) === 1 ? sharesOf(stub) : null;
  if (read === null) return null;
  // The number of all shares, the resume handle and the code.
  const resumes = u32le(stub, read.end + 4);
  const code = u32le(stub, read.end + (resumes === 0 ? 8 : 12));
  if (resumes < 0 || code < 0) return null;
  return code === 0 || code === moreData ? { shares: read.shares } : { code };
}

interface ReadShares {
  readonly shares: readonly Share[];
  /** Index after them. */
  readonly end: number;
}

function sharesOf(stub: Uint8Array): ReadShares | null {
  if (u32le(stub, 8) === 0) return { shares: [], end: 12 };
  const count = u32le(stub, 12);
  if (u32le(stub, 16) === 0) return { shares: [], end: 20 };
  if (count < 0 || count > mostShares || u32le(stub, 20) !== count) return null;
  const shares: Share[] = [];
  let at = 24 + count * 12;
  for (let entry = 24; entry < 24 + count * 12; entry += 12) {
    const name = textAt(stub, u32le(stub, entry), at);
    const remark = name && textAt(stub, u32le(stub, entry + 8), name.end);
    if (!name || !remark) return null;
    shares.push({ name: name.text, type: u32le(stub, entry + 4), remark: remark.text });
    at = remark.end;
  }
  return { shares, end: at };
}

/** A varying text in UTF-16 that a pointer means: sizes, characters, the NUL at their end, padding. */
function textAt(stub: Uint8Array, pointer: number, at: number): { readonly text: string; readonly end: number } | null {
  if (pointer === 0) return { text: '', end: at };
  const length = u32le(stub, at + 8);
  const start = at + 12;
  if (length < 0 || length > mostCharacters || u32le(stub, at + 4) !== 0 || start + length * 2 > stub.length)
    return null;
  const text = fromUtf16le(stub.subarray(start, start + length * 2)).replace(/\0.*$/s, '');
  return { text, end: (start + length * 2 + 3) & ~3 };
}
