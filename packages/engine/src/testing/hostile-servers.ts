import type { Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';

/** Treats one connection badly. Listeners of the caller end the socket. */
export type Hostility = (socket: Socket) => void;

const chunk = Buffer.alloc(65_536, 'A');
const httpHead = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';

/** Writes a piece again and again, as fast as the peer takes it, until the connection ends. */
function forever(socket: Socket, piece: () => Buffer | string): void {
  const more = () => {
    while (!socket.destroyed && socket.writable && socket.write(piece()));
  };
  socket.on('drain', more);
  more();
}

/** Writes one piece every so many milliseconds, over and over. */
function slowly(socket: Socket, text: string | Buffer, milliseconds: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || !socket.writable) return clearInterval(timer);
    socket.write(text.slice(at % text.length, (at % text.length) + 1));
    at += 1;
  }, milliseconds);
  socket.on('close', () => clearInterval(timer));
}

/** After the first request, and before each further one. */
function onRequest(socket: Socket, answer: (request: Buffer) => void): void {
  socket.on('data', answer);
}

/** `megabytes` of zeros as gzip (RFC 1952) without its check sum, about a thousandth of the size. */
function gzipBomb(megabytes: number): Buffer {
  const body = deflateRawSync(Buffer.alloc(megabytes * 1_048_576), { level: 9 });
  return Buffer.concat([Buffer.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3]), body, Buffer.alloc(8)]);
}

const bomb = gzipBomb(256);
/** Sequences in sequences, each claiming to hold 64 kB more: BER (X.690). */
const nested = Buffer.from('30848000ffff'.repeat(10_000), 'hex');
const everything = Buffer.concat([
  Buffer.from('SSH-2.0-x\r\n220 x ESMTP FTP\r\n+OK\r\n* OK IMAP4rev1\r\n-ERR\r\n$9\r\nredis_version:1\r\n'),
  Buffer.from('RFB 003.008\n@RSYNCD: 31.0\nHTTP/1.1 200 OK\r\n\r\n'),
  nested.subarray(0, 600),
]);

/** The record header of a ServerHello that announces 16 kB. */
const tlsBegin = Buffer.from([22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3]);
/** A whole record of handshake type 11 that is part of a certificate message of 16 MB. */
const tlsCertificatePart = Buffer.concat([
  Buffer.from([22, 3, 3, 0x40, 0, 11, 255, 255, 255]),
  Buffer.alloc(16_380, 1),
]);

/** What a port may do to a scanner, by name. */
export const hostilities: Readonly<Record<string, Hostility>> = {
  'endless banner': (socket) => forever(socket, () => chunk),
  'a byte a second': (socket) => slowly(socket, '220 mail.example.test ESMTP ready', 1000),
  'endless lines': (socket) => forever(socket, () => '220-more\r\n'.repeat(1000)),
  'endless header': (socket) =>
    onRequest(socket, () => {
      socket.write(`${httpHead}X-Big: `);
      forever(socket, () => chunk);
    }),
  'body of 4 GB': (socket) =>
    onRequest(socket, () => {
      socket.write(`${httpHead}Content-Length: 4294967296\r\n\r\n`);
      forever(socket, () => chunk);
    }),
  'endless chunks': (socket) =>
    onRequest(socket, () => {
      socket.write(`${httpHead}Transfer-Encoding: chunked\r\n\r\n`);
      forever(socket, () => '1\r\nA\r\n'.repeat(2000));
    }),
  'header a byte a second': (socket) => onRequest(socket, () => slowly(socket, `${httpHead}X: `, 1000)),
  'endless interim answers': (socket) =>
    onRequest(socket, () => forever(socket, () => 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000))),
  'infinite redirects': (socket) =>
    onRequest(socket, (request) => {
      const path = /^\S+ (\S+)/.exec(request.toString('latin1'))?.[1] ?? '/';
      const next = `${path.slice(0, 500)}x`;
      socket.end(`HTTP/1.1 302 Found\r\nLocation: ${next}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    }),
  'gzip bomb': (socket) =>
    onRequest(socket, () => {
      socket.write(`${httpHead}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\nConnection: close\r\n\r\n`);
      socket.end(bomb);
    }),
  'nested structures': (socket) => forever(socket, () => nested),
  'nested JSON': (socket) => onRequest(socket, () => socket.end(`${httpHead}\r\n${'{"a":['.repeat(20_000)}`)),
  'reset storm': (socket) => socket.resetAndDestroy(),
  'answers everything': (socket) => onRequest(socket, () => socket.write(everything)),
  'hangs up on every question': (socket) => onRequest(socket, () => socket.end()),
  'TLS that never finishes': (socket) => onRequest(socket, () => socket.write(tlsBegin)),
  'TLS a byte a second': (socket) => onRequest(socket, () => slowly(socket, tlsBegin, 1000)),
  'endless certificate': (socket) => onRequest(socket, () => forever(socket, () => tlsCertificatePart)),
  'endless TLS warnings': (socket) =>
    onRequest(socket, () => forever(socket, () => Buffer.from('1503030002015a'.repeat(1000), 'hex'))),
};
