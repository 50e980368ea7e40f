import { createHmac } from 'node:crypto';
import type { NtlmAccount } from './account.ts';
import { avIds, decodeAvPairs, encodeAvPairs } from './av-pairs.ts';
import type { NtlmChallenge } from './challenge.ts';
import { md4 } from './md4.ts';
import { clientFlags, clientVersion, ntlmFlags, ntlmSignature } from './negotiate.ts';

/** What the answer needs of the world. */
export interface NtlmFresh {
  /** Eight random bytes. */
  readonly nonce: Uint8Array;
  /** FILETIME, for servers that name none (`fileTime`). */
  readonly time: Uint8Array;
  /**
   * NEGOTIATE and CHALLENGE exactly as they went over the wire. With them the answer carries a MIC over all three messages
   * when the server gave a time (MS-NLMP section 3.1.5.1.2).
   */
  readonly exchange?: { readonly negotiate: Uint8Array; readonly challenge: Uint8Array };
}

/** The answer, and the key that signs the session; no key for nobody. */
export interface NtlmAuthenticate {
  readonly message: Uint8Array;
  readonly key: Uint8Array | null;
}

/** AUTHENTICATE_MESSAGE (section 2.2.1.3) with NTLMv2 (section 3.3.2). An account of null logs in as nobody. */
export function ntlmAuthenticate(
  challenge: NtlmChallenge,
  account: NtlmAccount | null,
  fresh: NtlmFresh,
): NtlmAuthenticate {
  const flags = (challenge.flags & clientFlags) >>> 0;
  if (account === null) {
    const nobody = { lm: Uint8Array.of(0), nt: new Uint8Array(0), domain: '', name: '' };
    return { message: layOut(nobody, (flags | ntlmFlags.anonymous) >>> 0, false), key: null };
  }
  const withMic = fresh.exchange !== undefined && challenge.time !== null;
  const { nt, lm, key } = ntlmV2(challenge, account, fresh, withMic);
  const message = layOut({ lm, nt, domain: account.domain, name: account.name }, flags, withMic);
  if (withMic && fresh.exchange !== undefined) {
    const { negotiate, challenge: dare } = fresh.exchange;
    message.set(hmac(key, negotiate, dare, message), micAt);
  }
  return { message, key };
}

/** A FILETIME: 100 ns units since 1601, little-endian. */
export function fileTime(epochMs: number): Uint8Array {
  const time = new Uint8Array(8);
  const ticks = (BigInt(Math.floor(epochMs)) + 11_644_473_600_000n) * 10_000n;
  new DataView(time.buffer).setBigUint64(0, ticks, true);
  return time;
}

/** NTOWFv2 (section 3.3.2): what the answers are keyed with. The domain is taken as it is written. */
export function responseKey({ domain, name, password }: NtlmAccount): Uint8Array {
  return hmac(md4(utf16(password)), utf16(name.toUpperCase() + domain));
}

/** NT and LM answer, and the session key. With a time of the server the LM answer is zeros. */
function ntlmV2(challenge: NtlmChallenge, account: NtlmAccount, { nonce, time }: NtlmFresh, withMic: boolean) {
  const keyed = responseKey(account);
  const info = withMic ? withMicFlag(challenge.targetInfo) : challenge.targetInfo;
  const rest = join(Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0), challenge.time ?? time, nonce, zeros(4), info, zeros(4));
  const proof = hmac(keyed, challenge.challenge, rest);
  const lm = challenge.time === null ? join(hmac(keyed, challenge.challenge, nonce), nonce) : zeros(24);
  return { nt: join(proof, rest), lm, key: hmac(keyed, proof) };
}

/** Says in the AV pairs that a MIC follows. There is no channel to bind to: its hash is zeros (section 3.1.5.1.2). */
function withMicFlag(targetInfo: Uint8Array): Uint8Array {
  const pairs = new Map(decodeAvPairs(targetInfo));
  const before = pairs.get(avIds.flags)?.[0] ?? 0;
  pairs.set(avIds.flags, Uint8Array.of(before | 2, 0, 0, 0));
  pairs.set(avIds.channelBindings, zeros(16));
  pairs.set(avIds.targetName, zeros(0));
  return encodeAvPairs(pairs);
}

interface Response {
  readonly lm: Uint8Array;
  readonly nt: Uint8Array;
  readonly domain: string;
  readonly name: string;
}

/** Six fields of length, room and offset, flags at 60, version at 64, MIC at 72 where there is one, then the fields' bytes. */
const [fieldsAt, flagsAt, versionAt, micAt] = [12, 60, 64, 72];

function layOut({ lm, nt, domain, name }: Response, flags: number, withMic: boolean): Uint8Array {
  const fields = [lm, nt, utf16(domain), utf16(name), zeros(0), zeros(0)];
  const head = withMic ? micAt + 16 : micAt;
  const message = new Uint8Array(fields.reduce((sum, field) => sum + field.length, head));
  const view = new DataView(message.buffer);
  message.set(ntlmSignature);
  view.setUint32(8, 3, true);
  let at = head;
  for (const [index, field] of fields.entries()) {
    const place = fieldsAt + 8 * index;
    view.setUint16(place, field.length, true);
    view.setUint16(place + 2, field.length, true);
    view.setUint32(place + 4, at, true);
    message.set(field, at);
    at += field.length;
  }
  view.setUint32(flagsAt, flags, true);
  message.set(clientVersion, versionAt);
  return message;
}

const zeros = (count: number) => new Uint8Array(count);
const utf16 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'));
const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHmac('md5', key);
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
}
