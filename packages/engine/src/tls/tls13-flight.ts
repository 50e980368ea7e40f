import { concat, u16be } from '../services/bytes.ts';
import { extensionTypes } from './extension-types.ts';
import type { OwnShare } from './key-shares.ts';
import { chosenProtocol, decodeExtensions, type ServerHello } from './server-hello.ts';
import { decodeHandshake, type HandshakeMessage, type ServerFlight, uint24 } from './server-flight.ts';
import { serverHandshakeOpener } from './tls13-secrets.ts';

/** What a TLS 1.3 server says after its hello, decrypted (RFC 8446 section 4.3 and 4.4). */
export interface EncryptedFlight {
  readonly alpn: string | null;
  readonly certificates: readonly Uint8Array[];
  readonly stapled: boolean;
  readonly clientCertificate: boolean;
  /** Scheme of the server's signature. */
  readonly signature: number | null;
  /** The server's Finished came: nothing is missing. */
  readonly whole: boolean;
}

const messages = { encryptedExtensions: 8, certificate: 11, certificateRequest: 13, verify: 15, finished: 20 } as const;
const handshakeContent = 22;
const chainLimit = 16;

/** Decrypts the flight with our share; null when the keys do not fit. `sent` is our hello as a record. */
export function decodeEncryptedFlight(
  flight: ServerFlight,
  wire: { readonly sent: Uint8Array; readonly received: Uint8Array },
  shares: readonly OwnShare[],
): EncryptedFlight | null {
  const { hello } = flight;
  const helloBytes = firstMessage(wire.received);
  const shared = hello === null ? null : sharedSecret(hello, shares);
  if (hello === null || shared === null || helloBytes === null) return null;
  const open = serverHandshakeOpener(hello.cipher, shared, concat(wire.sent.subarray(5), helloBytes));
  if (!open) return null;
  const clear: Uint8Array[] = [];
  for (const record of flight.encrypted) {
    const content: Uint8Array | null = open(record);
    if (content === null) break;
    const end = content.findLastIndex((byte: number) => byte !== 0);
    if (content[end] === handshakeContent) clear.push(content.subarray(0, end));
  }
  return clear.length === 0 ? null : decodeEncryptedMessages(decodeHandshake(concat(...clear)));
}

function sharedSecret(hello: ServerHello, shares: readonly OwnShare[]): Uint8Array | null {
  const share = hello.extensions.get(extensionTypes.keyShare);
  if (!share || share.length < 4) return null;
  const own = shares.find(({ group }) => group === u16be(share, 0));
  return own?.secret(share.subarray(4, 4 + u16be(share, 2))) ?? null;
}

/** The ServerHello as a handshake message, header included. */
function firstMessage(received: Uint8Array): Uint8Array | null {
  const length = u16be(received, 7);
  return length < 0 || received.length < 9 + length ? null : received.subarray(5, 9 + length);
}

/** Reads the messages inside. Total. */
export function decodeEncryptedMessages(list: readonly HandshakeMessage[]): EncryptedFlight {
  const bodyOf = (type: number) => list.find((message) => message.type === type)?.body;
  const extensions = bodyOf(messages.encryptedExtensions);
  const verify = bodyOf(messages.verify);
  const scheme = verify === undefined ? -1 : u16be(verify, 0);
  return {
    alpn: extensions === undefined ? null : chosenProtocol(decodeExtensions(extensions, 0)),
    ...decodeCertificateEntries(bodyOf(messages.certificate) ?? new Uint8Array(0)),
    clientCertificate: bodyOf(messages.certificateRequest) !== undefined,
    signature: scheme < 0 ? null : scheme,
    whole: bodyOf(messages.finished) !== undefined,
  };
}

/** Certificate message of TLS 1.3 (RFC 8446 section 4.4.2): each entry has extensions of its own. Total. */
export function decodeCertificateEntries(body: Uint8Array): { certificates: Uint8Array[]; stapled: boolean } {
  const certificates: Uint8Array[] = [];
  let stapled = false;
  for (let at = 4 + (body[0] ?? 0); at + 3 <= body.length && certificates.length < chainLimit; ) {
    const length = uint24(body, at);
    const after = at + 3 + length;
    if (length === 0 || after + 2 > body.length) break;
    certificates.push(body.slice(at + 3, after));
    stapled ||= decodeExtensions(body, after).has(extensionTypes.statusRequest);
    at = after + 2 + u16be(body, after);
  }
  return { certificates, stapled };
}
