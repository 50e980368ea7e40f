import type { OsHint } from './probe.ts';
import { ascii, fromUtf16le, indexOf, u16le, u32le, u8 } from './bytes.ts';

/** What a server tells of itself in an NTLM CHALLENGE_MESSAGE (MS-NLMP section 2.2.1.2), before any credentials. */
export interface NtlmChallenge {
  readonly computer: string | null;
  readonly domain: string | null;
  readonly dnsComputer: string | null;
  readonly dnsDomain: string | null;
  /** Windows version, e.g. `10.0.20348`; null when the field is absent. Samba states 6.1.0. */
  readonly osVersion: string | null;
}

const signature = ascii('NTLMSSP\0\x02\0\0\0');

/** Finds the message anywhere in the bytes. Total. */
export function findNtlmChallenge(bytes: Uint8Array): NtlmChallenge | null {
  const start = indexOf(bytes, signature);
  if (start < 0) return null;
  const message = bytes.subarray(start);
  const flags = u32le(message, 20);
  const infoLength = u16le(message, 40);
  const infoAt = u32le(message, 44);
  const names = new Map<number, string>();
  for (let at = infoAt; infoAt >= 0 && at + 4 <= Math.min(message.length, infoAt + infoLength); ) {
    const id = u16le(message, at);
    const length = u16le(message, at + 2);
    if (id === 0 || length < 0) break;
    if (id <= 5) names.set(id, fromUtf16le(message.subarray(at + 4, at + 4 + Math.min(length, 512))));
    at += 4 + length;
  }
  const hasVersion = flags >= 0 && (flags & 0x02000000) !== 0 && message.length >= 56;
  return {
    computer: names.get(1) ?? null,
    domain: names.get(2) ?? null,
    dnsComputer: names.get(3) ?? null,
    dnsDomain: names.get(4) ?? null,
    osVersion: hasVersion ? `${u8(message, 48)}.${u8(message, 49)}.${u16le(message, 50)}` : null,
  };
}

/** The system behind a challenge; null without a version, and for Samba, which always states 6.1, build 0 (the real 6.1 has 7600 and 7601). */
export function ntlmSystem(version: string | null): OsHint | null {
  if (version === null || version === '6.1.0') return null;
  return { vendor: 'Microsoft', product: 'Windows', version, cpe: 'cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*' };
}

/** NEGOTIATE_MESSAGE (section 2.2.1.1): Unicode, request target, NTLM, extended security, target info, version asked for. */
export const ntlmNegotiate: Uint8Array = Uint8Array.from([
  ...ascii('NTLMSSP\0'),
  1,
  0,
  0,
  0,
  0x05,
  0x82,
  0x88,
  0xa2,
  0,
  0,
  0,
  0,
  0x28,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0x28,
  0,
  0,
  0,
  10,
  0,
  0x61,
  0x4a,
  0,
  0,
  0,
  15,
]);
