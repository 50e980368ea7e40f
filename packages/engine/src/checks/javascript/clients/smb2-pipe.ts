import { concat, le16, le32, startsWith, u16le, u32le, u8 } from '../../../services/bytes.ts';
import { smb2ProtocolId } from '../../../services/smb2-header.ts';

const zeros = (count: number) => new Uint8Array(count);
const utf16 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'));
/** Length of the header before each body. */
const header = 64;
/** Bytes of a pipe that one answer may carry: one credit's worth. */
const mostOutput = 65_536;

/** Commands (MS-SMB2 section 2.2.1.2). */
export const smb2Commands = { setup: 1, logoff: 2, tree: 3, create: 5, read: 8, ioctl: 11 } as const;

/** SESSION_SETUP with a token (section 2.2.5). */
export function smb2Setup(token: Uint8Array): Uint8Array {
  return concat(le16(25), Uint8Array.of(0, 1), zeros(8), le16(header + 24), le16(token.length), zeros(8), token);
}

/** TREE_CONNECT to a share, `\\host\IPC$` (section 2.2.9). */
export function smb2TreeConnect(path: string): Uint8Array {
  const name = utf16(path);
  return concat(le16(9), le16(0), le16(header + 8), le16(name.length), name);
}

/** CREATE that opens an existing pipe for reading and writing (section 2.2.13). */
export function smb2OpenPipe(name: string): Uint8Array {
  const text = utf16(name);
  return concat(
    le16(57),
    zeros(2),
    le32(2), // impersonation
    zeros(16),
    le32(0x0012019f), // read and write data, attributes and the rest of a pipe
    le32(0),
    le32(7), // shared
    le32(1), // open what exists
    le32(0),
    le16(header + 56),
    le16(text.length),
    zeros(8),
    text,
  );
}

/** IOCTL that writes into a pipe and reads the answer: FSCTL_PIPE_TRANSCEIVE (section 2.2.31). */
export function smb2Transceive(file: Uint8Array, input: Uint8Array): Uint8Array {
  return concat(
    le16(57),
    zeros(2),
    le32(0x0011c017),
    file,
    le32(header + 56),
    le32(input.length),
    le32(0),
    le32(0),
    le32(0),
    le32(mostOutput),
    le32(1),
    le32(0),
    input,
  );
}

/** READ of what a pipe still holds (section 2.2.19). */
export function smb2Read(file: Uint8Array): Uint8Array {
  return concat(le16(49), zeros(2), le32(mostOutput), zeros(8), file, zeros(16), zeros(1));
}

/** A response in its parts. */
export interface Smb2Response {
  readonly status: number;
  readonly command: number;
  readonly messageId: number;
  /** It says only that the answer comes later. */
  readonly interim: boolean;
  readonly sessionId: Uint8Array;
  readonly treeId: number;
  /** The whole message, header included: offsets in a body count from its start. */
  readonly message: Uint8Array;
}

/** Total: null for what is no response of SMB 2 or 3. */
export function decodeSmb2Response(message: Uint8Array): Smb2Response | null {
  if (!startsWith(message, smb2ProtocolId) || message.length < header + 2 || (u32le(message, 16) & 1) === 0)
    return null;
  const status = u32le(message, 8);
  return {
    status,
    command: u16le(message, 12),
    messageId: u32le(message, 24),
    interim: status === 0x103 && (u32le(message, 16) & 2) !== 0,
    sessionId: message.slice(40, 48),
    treeId: u32le(message, 36),
    message,
  };
}

/** Whether the server takes the account for a guest or nobody, and whether it wants encryption (section 2.2.6). Total. */
export function decodeSmb2SessionFlags(message: Uint8Array): {
  readonly guest: boolean;
  readonly encrypted: boolean;
} {
  const flags = Math.max(0, u16le(message, header + 2));
  return { guest: (flags & 3) !== 0, encrypted: (flags & 4) !== 0 };
}

/** The identifier of an opened file (section 2.2.14). Total: null where there is none. */
export function decodeSmb2FileId(message: Uint8Array): Uint8Array | null {
  return u16le(message, header) === 89 && message.length >= 144 ? message.slice(128, 144) : null;
}

/** What a pipe gave, by IOCTL (section 2.2.32) or READ (section 2.2.20). Total: null where there is nothing. */
export function decodeSmb2Output(message: Uint8Array): Uint8Array | null {
  const size = u16le(message, header);
  if (size === 49) return cut(message, u32le(message, 96), u32le(message, 100));
  return size === 17 ? cut(message, u8(message, header + 2), u32le(message, header + 4)) : null;
}

function cut(message: Uint8Array, from: number, length: number): Uint8Array | null {
  if (from < header || length <= 0 || from + length > message.length) return null;
  return message.subarray(from, from + length);
}
