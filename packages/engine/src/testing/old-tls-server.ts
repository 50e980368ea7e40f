import type { Socket } from 'node:net';
import { be16, concat, hex, u16be } from '../services/bytes.ts';
import { tlsMessages } from '../fuzz/corpus/tls-messages.ts';
import { listen, type LoopbackServer } from './loopback.ts';

/** What an old server would do; nothing that runs today still does all of it. */
export interface OldTls {
  /** Suites by version on the wire, in the server's order. */
  readonly suites: Readonly<Record<number, readonly number[]>>;
  /** Takes the first suite of the client that it knows, instead of its own first. */
  readonly clientOrder?: boolean;
  /** Chooses DEFLATE when it is offered (RFC 3749). */
  readonly compression?: boolean;
  /** Leaves the extension of RFC 5746 out. */
  readonly insecureRenegotiation?: boolean;
  /** Extensions by type that are sent when the client offered them. */
  readonly extensions?: Readonly<Record<number, Uint8Array>>;
  /** Bytes of the prime of a finite-field exchange. */
  readonly primeBytes?: number;
  /** Answers an SSL 2.0 hello with two cipher kinds. */
  readonly ssl2?: boolean;
}

const handshake = (type: number, body: Uint8Array) => concat(Uint8Array.of(type, 0), be16(body.length), body);
const record = (type: number, version: number, content: Uint8Array) =>
  concat(Uint8Array.of(type), be16(version), be16(content.length), content);

/**
 * A server that speaks the first flight of SSL 2.0 to TLS 1.2 as the specifications write it (RFC 6101, RFC 5246 section 7.4), and
 * nothing after it. It stands for servers that current libraries cannot be made to be.
 */
export async function oldTlsServer(behaviour: OldTls): Promise<LoopbackServer> {
  return listen((socket: Socket) => {
    socket.once('data', (hello: Buffer) => socket.end(answerTo(new Uint8Array(hello), behaviour)));
  });
}

function answerTo(hello: Uint8Array, behaviour: OldTls): Uint8Array {
  if (((hello[0] ?? 0) & 0x80) !== 0 && hello[2] === 1)
    return behaviour.ssl2 ? tlsMessages.ssl2Hello : new Uint8Array(0);
  const version = u16be(hello, 9);
  const own = behaviour.suites[version] ?? [];
  const { suites, extensions, compressions } = readHello(hello);
  const chosen = behaviour.clientOrder
    ? suites.find((code) => own.includes(code))
    : own.find((code) => suites.includes(code));
  if (chosen === undefined || extensions.has(43)) return record(21, Math.max(version, 0x0300), hex('02 28'));
  const answered = Object.entries(behaviour.extensions ?? {}).filter(([type]) => extensions.has(Number(type)));
  const sent = [
    ...(behaviour.insecureRenegotiation || version === 0x0300 ? [] : [hex('ff01 0001 00')]),
    ...answered.map(([type, data]) => concat(be16(Number(type)), be16(data.length), data)),
  ];
  const list = concat(...sent);
  const body = concat(
    be16(version),
    new Uint8Array(32).fill(0x52),
    Uint8Array.of(0),
    be16(chosen),
    Uint8Array.of(behaviour.compression && compressions.includes(1) ? 1 : 0),
    sent.length === 0 ? new Uint8Array(0) : concat(be16(list.length), list),
  );
  const der = tlsMessages.certificates[2] ?? new Uint8Array(0);
  const entry = concat(Uint8Array.of(0), be16(der.length), der);
  const prime = behaviour.primeBytes ?? 0;
  const exchange = concat(
    be16(prime),
    new Uint8Array(prime).fill(0xf7),
    hex('0001 02'),
    be16(prime),
    new Uint8Array(prime).fill(7),
  );
  return record(
    22,
    version,
    concat(
      handshake(2, body),
      handshake(11, concat(Uint8Array.of(0), be16(entry.length), entry)),
      prime === 0 ? new Uint8Array(0) : handshake(12, exchange),
      handshake(14, new Uint8Array(0)),
    ),
  );
}

/** Suites, extension types and compression methods of a ClientHello. */
function readHello(hello: Uint8Array): { suites: number[]; extensions: Set<number>; compressions: number[] } {
  const ciphersAt = 44 + (hello[43] ?? 0);
  const length = u16be(hello, ciphersAt);
  const suites = Array.from({ length: length / 2 }, (_, index) => u16be(hello, ciphersAt + 2 + index * 2));
  const compressionAt = ciphersAt + 2 + length;
  const compressions = [...hello.subarray(compressionAt + 1, compressionAt + 1 + (hello[compressionAt] ?? 0))];
  const extensions = new Set<number>();
  for (let at = compressionAt + 3 + (hello[compressionAt] ?? 0); at + 4 <= hello.length; at += 4 + u16be(hello, at + 2))
    extensions.add(u16be(hello, at));
  return { suites, extensions, compressions };
}
