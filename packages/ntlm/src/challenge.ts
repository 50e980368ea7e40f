import { avIds, decodeAvPairs } from './av-pairs.ts';
import { ntlmFlags, ntlmSignature } from './negotiate.ts';

/** What a server says in its CHALLENGE_MESSAGE (MS-NLMP section 2.2.1.2), before any credentials. */
export interface NtlmChallenge {
  readonly flags: number;
  /** Eight bytes that the answer is made over. */
  readonly challenge: Uint8Array;
  /** AV pairs as they came; empty when the server gives none. */
  readonly targetInfo: Uint8Array;
  /** FILETIME of the server, eight bytes; null: it names none. */
  readonly time: Uint8Array | null;
  readonly computer: string | null;
  readonly domain: string | null;
  readonly dnsComputer: string | null;
  readonly dnsDomain: string | null;
  /** Windows version, e.g. `10.0.20348`; null when the field is absent. Samba states 6.1.0. */
  readonly osVersion: string | null;
}

/**
 * Offsets: 0 signature, 8 type, 12 target name (length, room, offset), 20 flags, 24 challenge, 32 reserved, 40 target info (length, room,
 * offset), 48 version. The last two may be absent.
 */
const at = { type: 8, flags: 20, challenge: 24, targetInfo: 40, version: 48 } as const;
const longestName = 512;
const utf16 = new TextDecoder('utf-16le');

/** Reads a message that begins with the first byte. Null for anything else. Total. */
export function decodeChallenge(bytes: Uint8Array): NtlmChallenge | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isChallenge = bytes.length >= at.challenge + 8 && ntlmSignature.every((byte, index) => bytes[index] === byte);
  if (!isChallenge || view.getUint32(at.type, true) !== 2) return null;
  const flags = view.getUint32(at.flags, true);
  const targetInfo = targetInfoOf(bytes, view);
  const pairs = decodeAvPairs(targetInfo);
  const text = (id: number) => {
    const value = pairs.get(id);
    return value === undefined ? null : utf16.decode(value.subarray(0, longestName));
  };
  const time = pairs.get(avIds.timestamp);
  return {
    flags,
    challenge: Uint8Array.from(bytes.subarray(at.challenge, at.challenge + 8)),
    targetInfo,
    time: time?.length === 8 ? time : null,
    computer: text(avIds.computer),
    domain: text(avIds.domain),
    dnsComputer: text(avIds.dnsComputer),
    dnsDomain: text(avIds.dnsDomain),
    osVersion: versionOf(bytes, view, flags),
  };
}

/** Finds a message anywhere in the bytes: inside SPNEGO, an SMB frame, CredSSP. Total. */
export function findChallenge(bytes: Uint8Array): NtlmChallenge | null {
  for (let start = 0; start + at.challenge + 8 <= bytes.length; start += 1) {
    if (bytes[start] !== ntlmSignature[0]) continue;
    const found = decodeChallenge(bytes.subarray(start));
    if (found !== null) return found;
  }
  return null;
}

function targetInfoOf(bytes: Uint8Array, view: DataView): Uint8Array {
  if (bytes.length < at.targetInfo + 8) return new Uint8Array(0);
  const length = view.getUint16(at.targetInfo, true);
  const from = view.getUint32(at.targetInfo + 4, true);
  return Uint8Array.from(bytes.subarray(from, Math.min(bytes.length, from + length)));
}

function versionOf(bytes: Uint8Array, view: DataView, flags: number): string | null {
  if ((flags & ntlmFlags.version) === 0 || bytes.length < at.version + 8) return null;
  return `${bytes[at.version]}.${bytes[at.version + 1]}.${view.getUint16(at.version + 2, true)}`;
}
