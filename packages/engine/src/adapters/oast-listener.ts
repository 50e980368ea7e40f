import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { canonicalIp } from '@picket/base/ip';
import type { Random } from '@picket/base/random';
import { fromBytes, fromText } from '@picket/checks/byte-string';
import { onAbort } from '../gate/abort-hub.ts';
import { OastBook, oastLimits } from '../oast/oast-book.ts';
import type { OastCall, OastPlace, OastPort } from '../oast/oast-port.ts';
import { headIsWhole, httpAnswer, ldapBindAnswer, spokenIn } from '../oast/oast-words.ts';
import { decodeMessage } from '../dns/message.ts';
import { messageText } from '../dns/record-text.ts';
import { oastDnsAnswer } from '../oast/oast-dns.ts';

export interface OastListenerOptions {
  /** Address of this machine that the targets can reach. */
  readonly address: string;
  /** TCP and UDP port. Default: one that is free. */
  readonly port?: number;
  /** A domain whose name server this listener is (port 53 of `address`): places are names in it then. */
  readonly domain?: string;
  readonly random: Random;
}

const connectionsAtOnce = 64;
const connectionMs = 5000;

/**
 * The place that targets call back to: TCP (HTTP, LDAP, anything) and DNS over UDP on one port. Open only while a check waits; a TCP
 * connection from an address that no check waits for is closed unread; what comes is bounded and only answered as far as a client
 * needs it to say what it wants.
 */
export function oastListener(options: OastListenerOptions): OastPort {
  const book = new OastBook(options.random);
  let listening: Promise<Listening | null> | null = null;
  let lastPort = options.port ?? 0;
  const release = (id: string) => {
    book.close(id);
    if (book.size > 0 || listening === null) return;
    void listening.then((open) => open?.close());
    listening = null;
  };
  return {
    async open(target) {
      const id = book.open(target);
      if (id === null) return null;
      listening ??= listen(options, lastPort, book);
      const open = await listening;
      if (open === null) {
        listening = null;
        book.close(id);
        return null;
      }
      lastPort = open.port;
      const host = options.address.includes(':') ? `[${options.address}]` : options.address;
      const url = options.domain === undefined ? `${host}:${open.port}/${id}` : `${id}.${options.domain}`;
      const { port } = open;
      return { url, port, named: options.domain !== undefined, ...callsOf(book, id), close: () => release(id) };
    },
  };
}

function callsOf(book: OastBook, id: string): Pick<OastPlace, 'next'> {
  return {
    next: async (timeoutMs, signal) => {
      const waiting = book.take(id);
      if (waiting !== null || signal.aborted) return waiting;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        const stop = onAbort(signal, resolve);
        book.onCall(id, () => {
          clearTimeout(timer);
          stop();
          resolve();
        });
      });
      return book.take(id);
    },
  };
}

interface Listening {
  readonly port: number;
  close(): void;
}

async function listen(options: OastListenerOptions, port: number, book: OastBook): Promise<Listening | null> {
  const server = createServer((socket) => receive(socket, book));
  server.maxConnections = connectionsAtOnce;
  const bound = await started(server, options.address, port);
  if (bound === null) return null;
  const datagrams = createSocket({ type: options.address.includes(':') ? 'udp6' : 'udp4' });
  const socket = await bind(datagrams, options.address, bound);
  if (socket !== null) answerQuestions(socket, options, book);
  return {
    port: bound,
    close: () => {
      server.close();
      socket?.close();
    },
  };
}

function started(server: Server, address: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen({ host: address, port, exclusive: true }, () => {
      server.on('error', () => {});
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : null);
    });
  });
}

function bind(socket: DatagramSocket, address: string, port: number): Promise<DatagramSocket | null> {
  return new Promise((resolve) => {
    socket.once('error', () => resolve(null));
    socket.bind({ address, port }, () => {
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

/** One TCP connection: read as far as it names a place, answered once or twice, closed. */
function receive(socket: Socket, book: OastBook): void {
  const address = canonicalIp((socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
  socket.on('error', () => {});
  if (address === null || !book.expects(address)) {
    socket.destroy();
    return;
  }
  const timer = setTimeout(() => socket.destroy(), connectionMs);
  socket.once('close', () => clearTimeout(timer));
  let text = '';
  let answered = false;
  socket.on('data', (bytes: Buffer) => {
    text = (text + fromBytes(bytes)).slice(0, oastLimits.bytes);
    const protocol = spokenIn(text);
    const complete = protocol !== 'http' || headIsWhole(text) || text.length >= oastLimits.bytes;
    if (complete && book.heard({ protocol, request: text, address })) {
      socket.end(protocol === 'http' ? httpAnswer : '');
      return;
    }
    if (protocol === 'ldap' && !answered) {
      answered = true;
      socket.write(Buffer.from(ldapBindAnswer, 'latin1'));
    } else if (complete && protocol === 'http') socket.end(httpAnswer);
    else if (text.length >= oastLimits.bytes) socket.destroy();
  });
}

/** Questions of DNS about a place are answered with this address, everything else is refused. */
function answerQuestions(socket: DatagramSocket, options: OastListenerOptions, book: OastBook): void {
  socket.on('message', (bytes, peer) => {
    const query = new Uint8Array(bytes);
    const decoded = query.length <= 512 ? decodeMessage(query) : null;
    const address = canonicalIp(peer.address.replace(/^::ffff:/, ''));
    if (decoded === null || address === null || (decoded.flags & 0x8000) !== 0) return;
    const call: OastCall = { protocol: 'dns', request: fromText(messageText(query, decoded)), address };
    const known = book.heard(call);
    if (known || book.expects(address))
      socket.send(oastDnsAnswer(query, decoded, known ? options.address : null), peer.port, peer.address);
  });
}
