import { createHash } from 'node:crypto';
import { concat, latin, le32, u16le, u32le, u8, untilNul } from '../../../services/bytes.ts';

/** Capabilities that we state: protocol 4.1, secure connection, plugin names, transactions, long password; others as wanted. */
export const capability = { database: 0x8, tls: 0x800, plugins: 0x80000 } as const;
const ours = 0x1 | 0x200 | 0x2000 | 0x8000 | capability.plugins;

/** What the server says first (Protocol::HandshakeV10). */
export interface MysqlHandshake {
  readonly version: string;
  readonly capabilities: number;
  /** Random bytes that passwords are mixed with. */
  readonly scramble: Uint8Array;
  readonly plugin: string;
}

export interface MysqlError {
  readonly code: number;
  readonly message: string;
}

/** The length of a packet's body, from its header. */
export function mysqlLength(header: Uint8Array): number {
  return u16le(header, 0) | (u8(header, 2) << 16);
}

export function mysqlPacket(number: number, body: Uint8Array): Uint8Array {
  return concat(
    Uint8Array.of(body.length & 0xff, (body.length >> 8) & 0xff, (body.length >> 16) & 0xff, number & 0xff),
    body,
  );
}

/** Total: null for what is no handshake of protocol 10. */
export function decodeMysqlHandshake(body: Uint8Array): MysqlHandshake | null {
  if (u8(body, 0) !== 10) return null;
  const version = untilNul(body.subarray(1, 256));
  const at = 1 + version.length + 1;
  if (version.length === 0 || body.length < at + 31) return null;
  const capabilities = u16le(body, at + 13) | (u16le(body, at + 18) << 16);
  const first = body.subarray(at + 4, at + 12);
  const second = body.subarray(at + 31, at + 43);
  return {
    version: latin(version),
    capabilities,
    scramble: concat(first, second),
    plugin: latin(untilNul(body.subarray(at + 44, at + 44 + 64))) || 'mysql_native_password',
  };
}

/** Total: null for what is no error packet. */
export function decodeMysqlError(body: Uint8Array): MysqlError | null {
  if (u8(body, 0) !== 0xff || body.length < 3) return null;
  return {
    code: u16le(body, 1),
    message: latin(body.subarray(3))
      .replace(/^#[0-9A-Z]{5}/, '')
      .slice(0, 500),
  };
}

/** The request for TLS: the start of a log-in. */
export function mysqlTlsRequest(database: string): Uint8Array {
  return concat(
    le32((ours | capability.tls | (database === '' ? 0 : capability.database)) >>> 0),
    le32(0x1000000),
    Uint8Array.of(45),
    new Uint8Array(23),
  );
}

export function mysqlLogin(login: {
  readonly user: string;
  readonly answer: Uint8Array;
  readonly plugin: string;
  readonly database: string;
  readonly tls: boolean;
}): Uint8Array {
  const text = (value: string) => concat(new TextEncoder().encode(value), Uint8Array.of(0));
  const flags = ours | (login.tls ? capability.tls : 0) | (login.database === '' ? 0 : capability.database);
  return concat(
    le32(flags >>> 0),
    le32(0x1000000),
    Uint8Array.of(45),
    new Uint8Array(23),
    text(login.user),
    Uint8Array.of(login.answer.length),
    login.answer,
    ...(login.database === '' ? [] : [text(login.database)]),
    text(login.plugin),
  );
}

const hash = (algorithm: 'sha1' | 'sha256', ...parts: readonly Uint8Array[]) =>
  new Uint8Array(
    createHash(algorithm)
      .update(concat(...parts))
      .digest(),
  );
const mixed = (left: Uint8Array, right: Uint8Array) => left.map((byte, at) => byte ^ (right[at] ?? 0));

/** What a plugin sends for a password; null for plugins that are not known. The empty password is the empty answer. */
export function mysqlAnswer(plugin: string, password: string, scramble: Uint8Array): Uint8Array | null {
  const secret = new TextEncoder().encode(password);
  if (plugin === 'mysql_native_password') {
    if (secret.length === 0) return secret;
    const once = hash('sha1', secret);
    return mixed(once, hash('sha1', scramble.subarray(0, 20), hash('sha1', once)));
  }
  if (plugin === 'caching_sha2_password') {
    if (secret.length === 0) return secret;
    const once = hash('sha256', secret);
    return mixed(once, hash('sha256', hash('sha256', once), scramble.subarray(0, 20)));
  }
  if (plugin === 'mysql_clear_password') return concat(secret, Uint8Array.of(0));
  return null;
}

/** A length-encoded integer at `at`: its value and what follows; null for NULL (0xfb) and beyond the end. */
export function decodeMysqlInteger(
  bytes: Uint8Array,
  at: number,
): { readonly value: number | null; readonly end: number } | null {
  const first = u8(bytes, at);
  if (first < 0) return null;
  if (first < 0xfb) return { value: first, end: at + 1 };
  if (first === 0xfb) return { value: null, end: at + 1 };
  if (first === 0xfc) return bytes.length < at + 3 ? null : { value: u16le(bytes, at + 1), end: at + 3 };
  if (first === 0xfd)
    return bytes.length < at + 4 ? null : { value: u16le(bytes, at + 1) | (u8(bytes, at + 3) << 16), end: at + 4 };
  return bytes.length < at + 9 ? null : { value: u32le(bytes, at + 1), end: at + 9 };
}

/** The texts of a row or of a column's description; NULL is null. Total: what is cut off is left out. */
export function decodeMysqlTexts(body: Uint8Array, most: number): (string | null)[] {
  const texts: (string | null)[] = [];
  for (let at = 0; at < body.length && texts.length < most; ) {
    const length = decodeMysqlInteger(body, at);
    if (length === null) break;
    if (length.value === null) texts.push(null);
    else texts.push(new TextDecoder().decode(body.subarray(length.end, length.end + length.value)));
    at = length.end + (length.value ?? 0);
  }
  return texts;
}

/** End of a list of packets. */
export function isMysqlEnd(body: Uint8Array): boolean {
  return u8(body, 0) === 0xfe && body.length < 9;
}
