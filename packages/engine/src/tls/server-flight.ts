import { concat, u16be } from '../services/bytes.ts';
import { cipherName } from './cipher-suites.ts';
import { decodeKeyExchange, type KeyExchange } from './key-exchange.ts';
import { decodeServerHello, type ServerHello } from './server-hello.ts';

/** One handshake message (RFC 5246 section 7.4): type and body. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The server's answer to a ClientHello, as far as it has come. */
export interface ServerFlight {
  readonly hello: ServerHello | null;
  /** A fatal alert (RFC 5246 section 7.2), its description; warnings are passed over. */
  readonly alert: number | null;
  /** DER of the certificates of a clear Certificate message, in the order of the wire. */
  readonly certificates: readonly Uint8Array[];
  /** A stapled OCSP answer came (RFC 6066 section 8). */
  readonly stapled: boolean;
  readonly keyExchange: KeyExchange | null;
  /** The server asks for a certificate of the client's. */
  readonly clientCertificate: boolean;
  /** Encrypted records after a TLS 1.3 hello, each with its header. */
  readonly encrypted: readonly Uint8Array[];
  /** The clear flight is whole (ServerHelloDone, or a TLS 1.3 hello), or a fatal alert ended it. */
  readonly done: boolean;
  /** What came is no TLS. */
  readonly foreign: boolean;
}

/** Longest record (RFC 8446 section 5.2: 2^14 + 256), and of all handshake messages of a flight together; bytes. */
const recordLimit = 16_640;
const flightLimit = 131_072;
/** Most certificates read, and encrypted records kept. */
const chainLimit = 16;
const encryptedLimit = 32;

const types = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;
const messages = {
  serverHello: 2,
  certificate: 11,
  keyExchange: 12,
  certificateRequest: 13,
  helloDone: 14,
  certificateStatus: 22,
} as const;

/**
 * Reads the records of a server's first flight. Total: whatever comes gives a flight, cut where the bytes are. Messages may span
 * records and records may hold several messages (RFC 5246 section 6.2.1).
 */
export function decodeServerFlight(bytes: Uint8Array): ServerFlight {
  const clear: Uint8Array[] = [];
  const encrypted: Uint8Array[] = [];
  let alert: number | null = null;
  let foreign = false;
  let total = 0;
  for (let at = 0; at < bytes.length && alert === null; ) {
    const type = bytes[at] ?? 0;
    const length = u16be(bytes, at + 3);
    foreign = type < 20 || type > 24 || (at + 1 < bytes.length && bytes[at + 1] !== 3) || length > recordLimit;
    if (foreign || length < 0 || at + 5 + length > bytes.length) break;
    const content = bytes.subarray(at + 5, at + 5 + length);
    if (type === types.alert && content.length === 2 && content[0] === 2) alert = content[1] ?? 0;
    if (type === types.handshake && encrypted.length === 0 && total <= flightLimit) clear.push(content);
    if (type === types.applicationData && encrypted.length < encryptedLimit)
      encrypted.push(bytes.slice(at, at + 5 + length));
    total += length;
    at += 5 + length;
  }
  const flight = readMessages(decodeHandshake(concat(...clear)));
  // Only what comes first decides: garbage after a hello is the server's own trouble.
  const whole = flight.done || alert !== null;
  return { ...flight, alert, encrypted, foreign: foreign && flight.hello === null && alert === null, done: whole };
}

/** Splits handshake bytes into whole messages (RFC 5246 section 7.4). Total. */
export function decodeHandshake(bytes: Uint8Array): HandshakeMessage[] {
  const found: HandshakeMessage[] = [];
  for (let at = 0; at + 4 <= bytes.length && found.length < 32; ) {
    const length = ((bytes[at + 1] ?? 0) << 16) | u16be(bytes, at + 2);
    if (length > flightLimit || at + 4 + length > bytes.length) break;
    found.push({ type: bytes[at] ?? 0, body: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return found;
}

type ClearFlight = Omit<ServerFlight, 'alert' | 'encrypted' | 'foreign'>;

function readMessages(list: readonly HandshakeMessage[]): ClearFlight {
  const bodyOf = (type: number) => list.find((message) => message.type === type)?.body;
  const helloBody = bodyOf(messages.serverHello);
  const hello = helloBody === undefined ? null : decodeServerHello(helloBody);
  const exchange = bodyOf(messages.keyExchange);
  const status = bodyOf(messages.certificateStatus);
  const certificate = bodyOf(messages.certificate);
  const tls12 = hello?.version === 0x0303;
  return {
    hello,
    certificates: certificate === undefined ? [] : decodeCertificateList(certificate),
    // status type 1 (OCSP) and an answer of at least one byte.
    stapled: status !== undefined && status[0] === 1 && status.length > 4,
    keyExchange:
      exchange === undefined || hello === null ? null : decodeKeyExchange(exchange, cipherName(hello.cipher), tls12),
    clientCertificate: bodyOf(messages.certificateRequest) !== undefined,
    done: hello?.version === 0x0304 || bodyOf(messages.helloDone) !== undefined,
  };
}

/** DER of each certificate of a Certificate message (RFC 5246 section 7.4.2). Total; at most 16. */
export function decodeCertificateList(body: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 3; at + 3 <= body.length && found.length < chainLimit; ) {
    const length = uint24(body, at);
    if (length === 0 || at + 3 + length > body.length) break;
    found.push(body.slice(at + 3, at + 3 + length));
    at += 3 + length;
  }
  return found;
}

/** Big-endian 24 bits; the caller knows that they are there. */
export function uint24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | u16be(bytes, at + 1);
}
