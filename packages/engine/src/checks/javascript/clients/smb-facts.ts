import { findChallenge } from '@picket/ntlm/challenge';
import {
  ascii,
  be32,
  concat,
  fromUtf16le,
  hex,
  indexOf,
  startsWith,
  u16le,
  u32be,
  u32le,
  u8,
} from '../../../services/bytes.ts';
import { decodeNegotiated } from '../../../services/smb2-message.ts';

/** What NEGOTIATE of SMB 2 or 3 tells (MS-SMB2 section 2.2.4). Times are seconds since the epoch; 0: not told. */
export interface Smb2Facts {
  readonly dialect: string;
  readonly revision: number;
  readonly securityMode: number;
  readonly guid: Uint8Array;
  readonly capabilities: number;
  readonly systemTime: number;
  readonly startTime: number;
}

/** Total: null for what is no successful answer. */
export function decodeSmb2Facts(frame: Uint8Array): Smb2Facts | null {
  const agreed = decodeNegotiated(frame);
  const message = frame.subarray(4);
  if (agreed === null || message.length < 128) return null;
  return {
    dialect: agreed.dialect,
    revision: u16le(message, 68),
    securityMode: u16le(message, 66),
    guid: message.slice(72, 88),
    capabilities: u32le(message, 88),
    systemTime: secondsOf(message, 104),
    startTime: secondsOf(message, 112),
  };
}

/** A FILETIME: hundreds of nanoseconds since 1601. */
function secondsOf(message: Uint8Array, at: number): number {
  const ticks = u32le(message, at + 4) * 0x1_0000_0000 + u32le(message, at);
  return ticks <= 0 ? 0 : Math.max(0, Math.floor(ticks / 10_000_000) - 11_644_473_600);
}

/** Names of an NTLM challenge, the forest included (MS-NLMP section 2.2.2.1); empty texts for what is not told. Total. */
export function decodeSmbNames(frame: Uint8Array) {
  const challenge = findChallenge(frame);
  if (challenge === null) return null;
  return {
    OSVersion: challenge.osVersion ?? '',
    NetBIOSComputerName: challenge.computer ?? '',
    NetBIOSDomainName: challenge.domain ?? '',
    DNSComputerName: challenge.dnsComputer ?? '',
    DNSDomainName: challenge.dnsDomain ?? '',
    ForestName: forestOf(frame),
  };
}

function forestOf(frame: Uint8Array): string {
  const message = frame.subarray(Math.max(0, indexOf(frame, ascii('NTLMSSP\0\x02'))));
  const end = Math.min(message.length, u32le(message, 44) + u16le(message, 40));
  for (let at = u32le(message, 44); at >= 48 && at + 4 <= end; at += 4 + u16le(message, at + 2)) {
    const id = u16le(message, at);
    if (id === 0) break;
    if (id === 5) return fromUtf16le(message.subarray(at + 4, at + 4 + Math.min(512, u16le(message, at + 2))));
  }
  return '';
}

/** NEGOTIATE of SMB 1 with the dialect `NT LM 0.12` alone (MS-CIFS section 2.2.4.52). */
export const smb1Negotiate: Uint8Array = (() => {
  const dialect = concat(Uint8Array.of(2), ascii('NT LM 0.12\0'));
  const header = concat(
    hex('ff 53 4d 42 72', '00000000', '18', '01c8', '0000', '0000000000000000', '0000', 'ffff', 'fffe', '0000', '0000'),
  );
  const body = concat(header, hex('00'), Uint8Array.of(dialect.length, 0), dialect);
  return concat(be32(body.length), body);
})();

/** Whether the server agrees to SMB 1; the name of its domain goes with it. Null for what is no answer of SMB 1. Total. */
export function decodeSmb1Agreement(frame: Uint8Array): { readonly agreed: boolean } | null {
  const message = frame.subarray(4);
  if (!startsWith(message, hex('ff 53 4d 42 72'))) return null;
  return { agreed: u32le(message, 5) === 0 && u8(message, 32) >= 1 && u16le(message, 33) === 0 };
}

/** True when a frame of the session service is whole. */
export function smbFrameWhole(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes.length >= 4 + (u32be(bytes, 0) & 0xffffff);
}
