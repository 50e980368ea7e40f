import { err, ok, type Result } from '@picket/base/result';
import { concat, be16, u16be } from '../../services/bytes.ts';
import { decodeMessage } from '../../dns/message.ts';
import { type CheckFailure, failureOf } from '../check-failure.ts';
import type { CheckSession } from '../check-session.ts';

/** Most of a zone that is read: messages, and bytes of all together. What is beyond is not needed to see that it is handed out. */
const mostMessages = 64;
const mostBytes = 524_288;
/** SOA (RFC 1035 section 3.2.2), which begins and ends a zone. */
const soa = 6;

/** What a name server answered. */
export interface DnsAnswer {
  /** At least one. */
  readonly messages: readonly Uint8Array[];
  /** There was more, or there should have been: what is not in the messages may still be in the zone. */
  readonly cut: boolean;
}

/**
 * Asks for a whole zone over TCP (AXFR, RFC 5936): the messages as far as they came within the bounds. An answer that is an error is
 * one message.
 */
export async function askZone(
  place: { readonly address: string; readonly port: number },
  query: Uint8Array,
  session: CheckSession,
): Promise<Result<DnsAnswer, CheckFailure>> {
  const { dialer, signal, limits } = session;
  const opened = await dialer.connectTcp({ ...place, timeoutMs: limits.connectMs, signal });
  if (!opened.ok) return err(failureOf(opened.error));
  try {
    const wrote = await opened.value.write(concat(be16(query.length), query));
    if (!wrote.ok) return err(failureOf(wrote.error));
    const zone = new ZoneMessages(u16be(query, 0));
    const reply = await opened.value.read({ timeoutMs: limits.httpMs, maxBytes: mostBytes, until: zone.isWhole });
    if (reply.end === 'cancelled') return err({ reason: 'cancelled', detail: '' });
    zone.isWhole(reply.bytes);
    if (zone.messages.length > 0) return ok({ messages: zone.messages, cut: !zone.complete });
    const reason = reply.end === 'timeout' ? 'timeout' : 'connection-failed';
    return err({ reason, detail: 'the name server does not answer over TCP' });
  } finally {
    opened.value.close();
  }
}

/** Takes messages with their length in front (RFC 1035 section 4.2.2) out of what grows; each is read once. Total. */
class ZoneMessages {
  readonly messages: Uint8Array[] = [];
  /** The server said all that it had to say. */
  complete = false;
  readonly #id: number;
  #at = 0;
  #marks = 0;
  #ended = false;

  constructor(id: number) {
    this.#id = id;
  }

  /** The second SOA, an error, something that answers another question, or a bound. */
  readonly isWhole = (bytes: Uint8Array): boolean => {
    while (!this.#ended) {
      const length = u16be(bytes, this.#at);
      if (length < 0 || this.#at + 2 + length > bytes.length) return false;
      this.#take(bytes.slice(this.#at + 2, this.#at + 2 + length));
      this.#at += 2 + length;
    }
    return true;
  };

  #take(message: Uint8Array): void {
    const decoded = decodeMessage(message);
    if (decoded === null || decoded.id !== this.#id) {
      this.#ended = true;
      return;
    }
    this.messages.push(message);
    this.#marks += decoded.answers.filter(({ type }) => type === soa).length;
    // Without a record at the beginning there is no zone to come (RFC 5936 section 2.2).
    const empty = this.messages.length === 1 && decoded.answers.length === 0;
    this.complete = decoded.rcode !== 0 || this.#marks >= 2 || empty;
    this.#ended = this.complete || this.messages.length >= mostMessages;
  }
}
