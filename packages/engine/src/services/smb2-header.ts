import { be32, concat, hex, le16, le32 } from './bytes.ts';

/** 0xfe `SMB`: MS-SMB2 section 2.2.1. */
export const smb2ProtocolId: Uint8Array = hex('fe 53 4d 42');

/** What differs between the headers of requests (MS-SMB2 section 2.2.1.2). */
export interface Smb2HeaderFields {
  readonly command: number;
  readonly messageId: number;
  readonly treeId?: number;
  /** Eight bytes; absent: no session yet. */
  readonly sessionId?: Uint8Array;
}

/** The 64 bytes before each request; credits are asked for, and nothing is signed yet. */
export function smb2Header({ command, messageId, treeId, sessionId }: Smb2HeaderFields): Uint8Array {
  return concat(
    smb2ProtocolId,
    le16(64),
    le16(1),
    le32(0),
    le16(command),
    le16(31),
    le32(0),
    le32(0),
    le32(messageId),
    le32(0),
    le32(0),
    le32(treeId ?? 0),
    sessionId ?? new Uint8Array(8),
    new Uint8Array(16),
  );
}

/** NetBIOS session service framing (RFC 1002 section 4.3.1), as direct TCP has it too. */
export function smbFrame(message: Uint8Array): Uint8Array {
  return concat(be32(message.length), message);
}
