import { ber } from './ber.ts';
import { ascii, concat, hex, le16, le32, startsWith, u16le, u32le } from './bytes.ts';
import { ntlmNegotiate } from '@picket/ntlm/negotiate';
import { smb2Header, smb2ProtocolId, smbFrame } from './smb2-header.ts';

/** NEGOTIATE with dialects 2.0.2 to 3.0.2 (section 2.2.3); signing enabled. */
export const smb2Negotiate: Uint8Array = smbFrame(
  concat(
    smb2Header({ command: 0, messageId: 0 }),
    le16(36),
    le16(4),
    le16(1),
    le16(0),
    le32(0),
    ascii('picket-probe-001'),
    new Uint8Array(8),
    le16(0x0202),
    le16(0x0210),
    le16(0x0300),
    le16(0x0302),
  ),
);

const spnegoToken = ber(
  0x60,
  hex('06 06 2b 06 01 05 05 02'), // OID 1.3.6.1.5.5.2, SPNEGO
  ber(
    0xa0,
    ber(0x30, ber(0xa0, ber(0x30, hex('06 0a 2b 06 01 04 01 82 37 02 02 0a'))), ber(0xa2, ber(0x04, ntlmNegotiate))),
  ),
);

/** SESSION_SETUP that carries the NTLM negotiate message: the server answers with its challenge and its names. */
export const smb2SessionSetup: Uint8Array = smbFrame(
  concat(
    smb2Header({ command: 1, messageId: 1 }),
    le16(25),
    Uint8Array.of(0, 1),
    le32(0),
    le32(0),
    le16(64 + 24),
    le16(spnegoToken.length),
    new Uint8Array(8),
    spnegoToken,
  ),
);

export interface Smb2Negotiated {
  /** `3.0.2`. */
  readonly dialect: string;
  readonly signingRequired: boolean;
}

const dialects: Readonly<Record<number, string>> = {
  0x0202: '2.0.2',
  0x0210: '2.1',
  0x0300: '3.0',
  0x0302: '3.0.2',
  0x0311: '3.1.1',
};

/** Total: null when the frame is no successful NEGOTIATE response (section 2.2.4). */
export function decodeNegotiated(frame: Uint8Array): Smb2Negotiated | null {
  const message = frame.subarray(4);
  if (!startsWith(message, smb2ProtocolId) || u16le(message, 12) !== 0 || (u32le(message, 16) & 1) === 0) return null;
  if (u32le(message, 8) !== 0 || u16le(message, 64) !== 65) return null;
  const dialect = dialects[u16le(message, 68)];
  return dialect === undefined ? null : { dialect, signingRequired: (u16le(message, 66) & 2) !== 0 };
}
