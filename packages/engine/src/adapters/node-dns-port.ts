import { Resolver } from 'node:dns/promises';
import type { Connection } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import type { CheckFailure } from '../checks/check-failure.ts';
import type { DnsPort } from '../dns/dns-port.ts';
import { decodeMessage } from '../dns/message.ts';
import { concat, be16 } from '../services/bytes.ts';
import { nodeSockets } from './node-sockets.ts';

export interface DnsPortOptions {
  /** `address:port` of the name servers to ask. Default: those of this machine. */
  readonly servers?: readonly string[];
  /** For each try, milliseconds. */
  readonly timeoutMs?: number;
}

const most = 65_535;

/** Raw questions to the resolvers of this machine, one after the other until one answers. */
export function nodeDnsPort(options: DnsPortOptions = {}): DnsPort {
  const timeoutMs = options.timeoutMs ?? 2000;
  const sockets = nodeSockets();
  return {
    async ask(query, tries, signal) {
      const servers = (options.servers ?? new Resolver().getServers()).flatMap((server) => placeOf(server) ?? []);
      if (servers.length === 0) return err({ reason: 'local-limit', detail: 'this machine has no resolver' });
      for (let attempt = 0; attempt < tries; attempt += 1) {
        for (const server of servers) {
          if (signal.aborted) return err({ reason: 'cancelled', detail: '' });
          const answers = await sockets.exchangeUdp({ ...server, timeoutMs, signal, payload: query, maxAnswers: 1 });
          const own = answers.ok ? answers.value.find((each) => answersTo(query, each)) : undefined;
          if (own === undefined) continue;
          return decodeMessage(own)?.truncated === true
            ? overTcp(sockets, server, { query, timeoutMs, signal }, own)
            : ok(own);
        }
      }
      return err({ reason: 'timeout', detail: 'the resolver does not answer' });
    },
  };
}

/** Same id, and a response. */
function answersTo(query: Uint8Array, answer: Uint8Array): boolean {
  return answer.length >= 12 && answer[0] === query[0] && answer[1] === query[1] && ((answer[2] ?? 0) & 0x80) !== 0;
}

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:53`. */
function placeOf(server: string): { address: string; port: number } | null {
  const match =
    /^(?:\[([^\]]+)\]|([^:]+)|([0-9a-fA-F:%.a-z]*:[0-9a-fA-F:%.a-z]*:[0-9a-fA-F:%.a-z]*))(?::([0-9]{1,5}))?$/.exec(
      server,
    );
  const address = match?.[1] ?? match?.[2] ?? match?.[3];
  return address === undefined ? null : { address, port: Number(match?.[4] ?? 53) };
}

/** The whole answer over TCP (RFC 7766); the cut one when that does not work. */
async function overTcp(
  sockets: ReturnType<typeof nodeSockets>,
  server: { address: string; port: number },
  asked: { query: Uint8Array; timeoutMs: number; signal: AbortSignal },
  cut: Uint8Array,
): Promise<Result<Uint8Array, CheckFailure>> {
  const { query, timeoutMs, signal } = asked;
  const opened = await sockets.connectTcp({ ...server, timeoutMs, signal });
  if (!opened.ok) return ok(cut);
  const connection: Connection = opened.value;
  try {
    await connection.write(concat(be16(query.length), query));
    const lengthOf = (bytes: Uint8Array) => (bytes.length < 2 ? most : ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0));
    const read = await connection.read({
      timeoutMs,
      maxBytes: most + 2,
      until: (bytes) => bytes.length >= 2 + lengthOf(bytes),
    });
    const whole = read.bytes.subarray(2, 2 + lengthOf(read.bytes));
    return ok(answersTo(query, whole) ? whole : cut);
  } finally {
    connection.close();
  }
}
