import { toHex, fromBytes, fromHex, toBytes } from '@picket/checks/byte-string';
import { concat } from '../../../services/bytes.ts';
import type { Channel } from '../channel.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import { bytesOf, type ScriptArgs } from '../script-args.ts';
import { misuse, ScriptFault } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';
import { textOfBytes } from './global-functions.ts';

/** Bytes that a read without a length takes, and the most of any read. */
const usualRead = 4096;
const mostRead = 1_048_576;
/** How long a datagram's answer is waited for at most, milliseconds. */
const datagramMs = 2000;

/** What a script holds of a connection. */
interface Talk {
  send(bytes: Uint8Array): Promise<void>;
  some(most: number): Promise<Uint8Array>;
  whole(length: number): Promise<Uint8Array>;
  until(mark: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

class Conn {
  readonly talk: Talk;
  timeoutMs: number;

  constructor(talk: (conn: Conn) => Talk, timeoutMs: number) {
    this.timeoutMs = timeoutMs;
    this.talk = talk(this);
  }
}

const noAnswer = (detail: string) => new ScriptFault(detail, { reason: 'timeout', detail });

function streamTalk(channel: Channel, idleMs: number): (conn: Conn) => Talk {
  return (conn) => ({
    send: (bytes) => channel.write(bytes),
    some: async (most) => {
      const bytes = await channel.takeSome(most, conn.timeoutMs);
      if (bytes.length === 0) throw noAnswer('no answer');
      return bytes;
    },
    /** Without a length: what comes without a pause. */
    whole: async (length) => {
      let all: Uint8Array = new Uint8Array(0);
      const most = length === 0 ? mostRead : length;
      for (let wait = conn.timeoutMs; all.length < most; wait = length === 0 ? idleMs : conn.timeoutMs) {
        const more = await channel.takeSome(most - all.length, wait);
        if (more.length === 0) break;
        all = concat(all, more);
      }
      if (all.length === 0) throw noAnswer('no answer');
      return all;
    },
    until: (mark) => {
      channel.timeoutMs = conn.timeoutMs;
      return channel.takeUntil(mark);
    },
    close: () => channel.close(),
  });
}

/** A datagram goes out when it is sent, and its answer waits to be read. */
function datagramTalk(host: ScriptHost, name: string, port: number): (conn: Conn) => Talk {
  let answer: Uint8Array = new Uint8Array(0);
  return (conn) => {
    const some = async (most: number) => {
      const bytes = answer.subarray(0, most);
      answer = answer.subarray(bytes.length);
      if (bytes.length === 0) throw noAnswer('no answer');
      return bytes;
    };
    return {
      send: async (bytes) => {
        answer = concat(...(await host.exchange(name, port, bytes, Math.min(conn.timeoutMs, datagramMs))));
      },
      some,
      whole: (length) => some(length === 0 ? mostRead : length),
      until: () => some(mostRead),
      close: () => {},
    };
  };
}

async function open(args: ScriptArgs, host: ScriptHost, tls: boolean): Promise<number> {
  const protocol = args.text(0);
  const match = /^(.*):([0-9]{1,5})$/.exec(args.text(1));
  const port = Number(match?.[2] ?? 0);
  if (!match || port < 1 || port > 65_535) throw misuse('the address must be host:port');
  const name = match[1] ?? '';
  const { firstByteMs, idleMs } = host.session.limits;
  if (protocol === 'udp') return host.hold(new Conn(datagramTalk(host, name, port), firstByteMs));
  if (protocol !== 'tcp') throw misuse(`"${protocol.slice(0, 20)}" is neither tcp nor udp`);
  // A port that speaks TLS from the first byte is spoken to in TLS, whatever the script thinks.
  const channel = await host.connect(name, port, tls ? { tls: true } : {});
  return host.hold(new Conn(streamTalk(channel, idleMs), firstByteMs));
}

const conn = (args: ScriptArgs, host: ScriptHost) => host.held(args, Conn);
const lengthOf = (args: ScriptArgs, fallback: number) => args.number(1, { from: 0, to: mostRead * 8 }, fallback);

type Shape = (bytes: Uint8Array) => ScriptValue;
const raw: Shape = (bytes) => bytes;
const hexText: Shape = (bytes) => toHex(fromBytes(bytes));

function receive(shape: Shape): ScriptFunction {
  return async (args, host) =>
    shape(await conn(args, host).talk.some(Math.min(mostRead, lengthOf(args, usualRead) || usualRead)));
}

function receiveFull(shape: Shape): ScriptFunction {
  return async (args, host) => shape(await conn(args, host).talk.whole(Math.min(mostRead, lengthOf(args, 0))));
}

function send(bytes: (args: ScriptArgs) => Uint8Array): ScriptFunction {
  return async (args, host) => {
    await conn(args, host).talk.send(bytes(args));
    return null;
  };
}

/** `nuclei/net`: connections to the scanned host. */
export const netFunctions: Readonly<Record<string, ScriptFunction>> = {
  'net.NetConn': () => {
    throw misuse('a connection is made by Open');
  },
  'net.Open': (args, host) => open(args, host, false),
  'net.OpenTLS': (args, host) => open(args, host, true),
  'net.NetConn.Close': (args, host) => {
    conn(args, host).talk.close();
    return null;
  },
  'net.NetConn.SetTimeout': (args, host) => {
    conn(args, host).timeoutMs = Math.min(30, Math.max(1, args.number(1, { from: 0, to: 3600 }, 5))) * 1000;
    return null;
  },
  'net.NetConn.Send': send((args) => args.bytes(1)),
  'net.NetConn.SendBytes': send((args) => args.bytes(1)),
  'net.NetConn.SendArray': send((args) => args.bytes(1)),
  'net.NetConn.SendLine': send((args) => bytesOf(`${args.text(1)}\n`)),
  'net.NetConn.SendHex': send((args) => {
    const bytes = fromHex(args.text(1));
    if (bytes === null) throw misuse('the text is not hexadecimal');
    return toBytes(bytes);
  }),
  'net.NetConn.Recv': receive(raw),
  'net.NetConn.RecvString': receive(textOfBytes),
  'net.NetConn.RecvHex': receive(hexText),
  'net.NetConn.RecvFull': receiveFull(raw),
  'net.NetConn.RecvN': receiveFull(raw),
  'net.NetConn.RecvFullString': receiveFull(textOfBytes),
  'net.NetConn.RecvFullHex': receiveFull(hexText),
  'net.NetConn.RecvUntil': async (args, host) => conn(args, host).talk.until(args.bytes(1)),
  'net.NetConn.RecvUntilString': async (args, host) => textOfBytes(await conn(args, host).talk.until(args.bytes(1))),
  'net.NetConn.RecvLine': async (args, host) => textOfBytes(await conn(args, host).talk.until(Uint8Array.of(10))),
};
