import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { ascii, be32, concat, latin, u16be, u32be, u8 } from '../../../services/bytes.ts';

/** A message of the server (PostgreSQL documentation, section "Message Formats"): its letter and its body. */
export interface PgMessage {
  readonly type: string;
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const text = (value: string) => concat(encoder.encode(value), Uint8Array.of(0));

export function pgMessage(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  return concat(ascii(type), be32(body.length + 4), body);
}

/** SSLRequest. */
export const pgTlsRequest: Uint8Array = concat(be32(8), be32(80877103));

/** StartupMessage of protocol 3.0. */
export function pgStartup(user: string, database: string): Uint8Array {
  const body = concat(be32(196_608), text('user'), text(user), text('database'), text(database), Uint8Array.of(0));
  return concat(be32(body.length + 4), body);
}

export function pgQuery(query: string): Uint8Array {
  return pgMessage('Q', text(query));
}

/** The messages that are whole in the bytes, and how many bytes they take. Total. */
export function decodePgMessages(bytes: Uint8Array): {
  readonly messages: readonly PgMessage[];
  readonly end: number;
  readonly foreign: boolean;
} {
  const messages: PgMessage[] = [];
  let at = 0;
  while (at + 5 <= bytes.length) {
    const length = u32be(bytes, at + 1);
    const type = String.fromCharCode(u8(bytes, at));
    if (length < 4 || length > 1_048_576 || !/[A-Za-z0-9]/.test(type)) return { messages, end: at, foreign: true };
    if (at + 1 + length > bytes.length) break;
    messages.push({ type, body: bytes.subarray(at + 5, at + 1 + length) });
    at += 1 + length;
  }
  return { messages, end: at, foreign: false };
}

/** The fields of ErrorResponse as one text: code and message. Total. */
export function decodePgError(body: Uint8Array): { readonly code: string; readonly message: string } {
  const fields = latin(body).split('\0').slice(0, 30);
  const field = (letter: string) => fields.find((item) => item.startsWith(letter))?.slice(1) ?? '';
  return { code: field('C').slice(0, 5), message: new TextDecoder().decode(ascii(field('M'))).slice(0, 500) };
}

/** Names of the columns of RowDescription, at most 200. Total. */
export function decodePgColumns(body: Uint8Array): string[] {
  const names: string[] = [];
  const count = Math.min(200, Math.max(0, u16be(body, 0)));
  for (let at = 2; names.length < count && at < body.length; ) {
    const end = body.indexOf(0, at);
    if (end < 0) break;
    names.push(new TextDecoder().decode(body.subarray(at, end)));
    at = end + 19;
  }
  return names;
}

/** Values of DataRow as texts; NULL is null. Total. */
export function decodePgRow(body: Uint8Array): (string | null)[] {
  const values: (string | null)[] = [];
  const count = Math.min(200, Math.max(0, u16be(body, 0)));
  for (let at = 2; values.length < count && at + 4 <= body.length; ) {
    const length = u32be(body, at);
    const isNull = length === 0xffffffff;
    values.push(isNull ? null : new TextDecoder().decode(body.subarray(at + 4, at + 4 + length)));
    at += 4 + (isNull ? 0 : length);
  }
  return values;
}

const md5 = (...parts: readonly Uint8Array[]) =>
  createHash('md5')
    .update(concat(...parts))
    .digest('hex');

/** PasswordMessage for AuthenticationMD5Password. */
export function pgMd5Answer(user: string, password: string, salt: Uint8Array): Uint8Array {
  const inner = md5(encoder.encode(password), encoder.encode(user));
  return pgMessage('p', text(`md5${md5(ascii(inner), salt)}`));
}

export function pgClearAnswer(password: string): Uint8Array {
  return pgMessage('p', text(password));
}

const scramName = 'SCRAM-SHA-256';
/** Names of mechanisms in AuthenticationSASL. */
export function offersScram(body: Uint8Array): boolean {
  return latin(body).split('\0').includes(scramName);
}

/** SASLInitialResponse of SCRAM (RFC 5802) without channel binding. */
export function scramFirst(nonce: string): Uint8Array {
  const first = ascii(`n,,n=,r=${nonce}`);
  return pgMessage('p', text(scramName), be32(first.length), first);
}

/** What the server says first in SCRAM: nonce, salt, rounds; null for what is none, or too many rounds. Total. */
export function parseScramChallenge(
  message: string,
  nonce: string,
): { readonly nonce: string; readonly salt: Uint8Array; readonly rounds: number } | null {
  const match = /^r=([\x21-\x2b\x2d-\x7e]{1,200}),s=([A-Za-z0-9+/=]{4,200}),i=([0-9]{1,6})$/.exec(message);
  const rounds = Number(match?.[3] ?? 0);
  if (!match || rounds < 1 || rounds > 100_000 || !match[1]?.startsWith(nonce)) return null;
  return { nonce: match[1], salt: new Uint8Array(Buffer.from(match[2] ?? '', 'base64')), rounds };
}

/** SASLResponse with the proof. */
export function scramFinal(
  password: string,
  ourNonce: string,
  challenge: { message: string; nonce: string; salt: Uint8Array; rounds: number },
): Uint8Array {
  const salted = pbkdf2Sync(password.normalize('NFKC'), challenge.salt, challenge.rounds, 32, 'sha256');
  const mac = (key: Uint8Array, message: string) => createHmac('sha256', key).update(message).digest();
  const clientKey = mac(salted, 'Client Key');
  const stored = createHash('sha256').update(clientKey).digest();
  const bare = `c=biws,r=${challenge.nonce}`;
  const signature = mac(stored, `n=,r=${ourNonce},${challenge.message},${bare}`);
  const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('base64');
  return pgMessage('p', ascii(`${bare},p=${proof}`));
}
