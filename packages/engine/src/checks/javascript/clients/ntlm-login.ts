import { createHmac } from 'node:crypto';
import { ber } from '../../../services/ber.ts';
import { ascii, concat, hex, indexOf, le16, le32, u16le, u32le } from '../../../services/bytes.ts';
import { md4 } from './md4.ts';

/** The half of an NTLM challenge that a log-in needs (MS-NLMP section 2.2.1.2). */
export interface NtlmDare {
  readonly flags: number;
  readonly challenge: Uint8Array;
  /** AV pairs of the server, as they are. */
  readonly targetInfo: Uint8Array;
  /** FILETIME of the server; null: it names none. */
  readonly time: Uint8Array | null;
}

/** Finds the challenge in the bytes. Total: null when there is none. */
export function decodeNtlmDare(bytes: Uint8Array): NtlmDare | null {
  const start = indexOf(bytes, ascii('NTLMSSP\0\x02\0\0\0'));
  const message = bytes.subarray(Math.max(0, start));
  if (start < 0 || message.length < 48) return null;
  const from = u32le(message, 44);
  const targetInfo = message.slice(from, Math.min(message.length, from + u16le(message, 40)));
  return { flags: u32le(message, 20), challenge: message.slice(24, 32), targetInfo, time: timeIn(targetInfo) };
}

function timeIn(pairs: Uint8Array): Uint8Array | null {
  for (let at = 0; at + 4 <= pairs.length; at += 4 + u16le(pairs, at + 2)) {
    const id = u16le(pairs, at);
    if (id === 7 && at + 12 <= pairs.length) return pairs.subarray(at + 4, at + 12);
    if (id === 0) break;
  }
  return null;
}

/** Who logs in; null: nobody does. */
export interface NtlmAccount {
  readonly domain: string;
  readonly name: string;
  readonly password: string;
}

/** `DOMAIN\name`, `name@domain` or a name alone. */
export function ntlmAccount(name: string, password: string): NtlmAccount {
  const [domain, rest] = name.split('\\', 2);
  return rest === undefined ? { domain: '', name, password } : { domain: domain ?? '', name: rest, password };
}

const utf16 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'));
const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]) =>
  Uint8Array.from(
    createHmac('md5', key)
      .update(concat(...parts))
      .digest(),
  );

/** What the client says of itself and the key that signs the session; no key for nobody. */
export interface NtlmLogin {
  readonly message: Uint8Array;
  readonly key: Uint8Array | null;
}

/** What of the server's flags is agreed to: Unicode, target, NTLM, always sign, extended security, target info, version, 128, 56. */
const agreed = 0xa2888205;

/** AUTHENTICATE_MESSAGE (section 2.2.1.3) with NTLM 2 (section 3.3.2). `nonce`: eight random bytes; `time`: a FILETIME for servers that name none. */
export function ntlmLogin(
  dare: NtlmDare,
  account: NtlmAccount | null,
  { nonce, time }: { readonly nonce: Uint8Array; readonly time: Uint8Array },
): NtlmLogin {
  const flags = (dare.flags & agreed) >>> 0;
  if (account === null) {
    const nobody = { lm: Uint8Array.of(0), nt: new Uint8Array(0), domain: '', name: '' };
    return { message: authenticate(nobody, (flags | 0x800) >>> 0), key: null };
  }
  const { domain, name, password } = account;
  const responseKey = hmac(md4(utf16(password)), utf16(name.toUpperCase() + domain));
  const rest = concat(
    hex('01 01 00 00 00 00 00 00'),
    dare.time ?? time,
    nonce,
    new Uint8Array(4),
    dare.targetInfo,
    new Uint8Array(4),
  );
  const proof = hmac(responseKey, dare.challenge, rest);
  const response = { lm: new Uint8Array(24), nt: concat(proof, rest), domain, name };
  return { message: authenticate(response, flags), key: hmac(responseKey, proof) };
}

interface Response {
  readonly lm: Uint8Array;
  readonly nt: Uint8Array;
  readonly domain: string;
  readonly name: string;
}

function authenticate({ lm, nt, domain, name }: Response, flags: number): Uint8Array {
  const head = 72;
  const fields = [lm, nt, utf16(domain), utf16(name), new Uint8Array(0), new Uint8Array(0)];
  const places: Uint8Array[] = [];
  let at = head;
  for (const field of fields) {
    places.push(concat(le16(field.length), le16(field.length), le32(at)));
    at += field.length;
  }
  const version = hex('0a 00 61 4a 00 00 00 0f');
  return concat(ascii('NTLMSSP\0'), le32(3), ...places, le32(flags), version, ...fields);
}

/** The second token of SPNEGO: NegTokenResp with the response alone (RFC 4178 section 4.2.2). */
export function spnegoResponse(message: Uint8Array): Uint8Array {
  return ber(0xa1, ber(0x30, ber(0xa2, ber(0x04, message))));
}
