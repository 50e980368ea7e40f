import { be32, concat, latin, u32be, u8 } from '../../../services/bytes.ts';

/** Reads the fields of an SSH message one after the other (RFC 4251 section 5). What is cut off reads as empty. Total. */
export class SshFields {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  byte(): number {
    this.#at += 1;
    return Math.max(0, u8(this.#bytes, this.#at - 1));
  }

  number(): number {
    this.#at += 4;
    return Math.max(0, u32be(this.#bytes, this.#at - 4));
  }

  raw(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  string(): Uint8Array {
    const length = this.number();
    return this.raw(Math.min(length, this.#bytes.length));
  }

  text(): string {
    return latin(this.string());
  }

  /** At most 200 names. */
  names(): string[] {
    const text = this.text();
    return text === '' ? [] : text.split(',').slice(0, 200);
  }
}

export function sshString(value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return concat(be32(bytes.length), bytes);
}

/** A positive number of any length (`mpint`). */
export function sshNumber(magnitude: Uint8Array): Uint8Array {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const bytes = start < 0 ? new Uint8Array(0) : magnitude.subarray(start);
  return sshString((bytes[0] ?? 0) & 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
}

/** The lists of SSH_MSG_KEXINIT in their order (RFC 4253 section 7.1). */
export interface SshOffer {
  readonly cookie: Uint8Array;
  readonly kex: readonly string[];
  readonly hostKey: readonly string[];
  readonly ciphersOut: readonly string[];
  readonly ciphersIn: readonly string[];
  readonly macsOut: readonly string[];
  readonly macsIn: readonly string[];
  readonly compressionOut: readonly string[];
  readonly compressionIn: readonly string[];
  readonly languagesOut: readonly string[];
  readonly languagesIn: readonly string[];
  readonly firstFollows: boolean;
}

/** Null for what is no SSH_MSG_KEXINIT. Total. */
export function decodeSshOffer(payload: Uint8Array): SshOffer | null {
  if (u8(payload, 0) !== 20 || payload.length < 62) return null;
  const fields = new SshFields(payload, 1);
  return {
    cookie: fields.raw(16),
    kex: fields.names(),
    hostKey: fields.names(),
    ciphersOut: fields.names(),
    ciphersIn: fields.names(),
    macsOut: fields.names(),
    macsIn: fields.names(),
    compressionOut: fields.names(),
    compressionIn: fields.names(),
    languagesOut: fields.names(),
    languagesIn: fields.names(),
    firstFollows: fields.byte() !== 0,
  };
}

export interface SshHostKey {
  readonly algorithm: string;
  readonly kind: 'rsa' | 'dsa' | 'ecdsa' | 'ed25519' | 'other';
  /** Bits of the key; 0 where the kind is not known. */
  readonly bits: number;
}

/** What a host key is. Total. */
export function decodeSshHostKey(blob: Uint8Array): SshHostKey {
  const fields = new SshFields(blob);
  const algorithm = fields.text().slice(0, 60);
  if (algorithm === 'ssh-rsa') {
    fields.string();
    return { algorithm, kind: 'rsa', bits: bitsOf(fields.string()) };
  }
  if (algorithm === 'ssh-dss') return { algorithm, kind: 'dsa', bits: bitsOf(fields.string()) };
  if (algorithm === 'ssh-ed25519') return { algorithm, kind: 'ed25519', bits: 256 };
  const curve = /^ecdsa-sha2-nistp(256|384|521)$/.exec(algorithm)?.[1];
  return curve === undefined
    ? { algorithm, kind: 'other', bits: 0 }
    : { algorithm, kind: 'ecdsa', bits: Number(curve) };
}

function bitsOf(number: Uint8Array): number {
  const start = number.findIndex((byte) => byte !== 0);
  if (start < 0) return 0;
  return (number.length - start) * 8 - Math.clz32(number[start] ?? 0) + 24;
}

/** `SSH-2.0-OpenSSH_9.2p1 Debian-2`; null for any other line (RFC 4253 section 4.2). Total. */
export function parseSshIdentification(
  line: string,
): { readonly raw: string; readonly protocol: string; readonly software: string; readonly comment: string } | null {
  const match = /^(SSH-([0-9]{1,2}\.[0-9]{1,3})-([^\s]{1,200})(?: ([^\r\n]{0,200}))?)\r?$/.exec(line);
  return match && { raw: match[1] ?? '', protocol: match[2] ?? '', software: match[3] ?? '', comment: match[4] ?? '' };
}
