import type { Clock } from '@picket/base/clock';
import { type Channel, fault } from '../channel.ts';
import { foreignAnswer, notNow, refusal, type ScriptFault } from '../script-fault.ts';
import {
  decodeLdapAnswer,
  decodeLdapLength,
  ldapBind,
  type LdapAnswer,
  type LdapSearch,
  ldapSearch,
  ldapStartTls,
  ldapUnbind,
} from './ldap-messages.ts';

/** Bounds of one search: entries, bytes of all of them, milliseconds. */
export const ldapBounds = { entries: 1000, bytes: 524_288, searchMs: 20_000 } as const;

/** Longest message, bytes. */
const mostMessage = 1_048_576;

/** Result codes with which the service deals with nobody now: busy, unavailable, other (RFC 4511 appendix A). */
const unavailable = [51, 52, 80];
/** A limit was met: what came before it counts. */
const cutShort = [3, 4, 11];

type LdapResult = Extract<LdapAnswer, { kind: 'result' }>;
/** An entry that a search found. */
export type LdapFound = Extract<LdapAnswer, { kind: 'entry' }>;

/** A session with a directory server (RFC 4511): one request after the other. */
export class LdapSession {
  readonly #channel: Channel;
  readonly #clock: Clock;
  #last = 0;

  constructor(channel: Channel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  /** Asks for TLS, and goes on without where the server has none. */
  async secure(serverName: string | null): Promise<boolean> {
    await this.#channel.write(ldapStartTls(this.#next()));
    if ((await this.#result()).code !== 0) return false;
    await this.#channel.startTls(serverName);
    return true;
  }

  async bind(name: string, password: string): Promise<void> {
    await this.#channel.write(ldapBind(this.#next(), name, password));
    const result = await this.#result();
    if (result.code !== 0) throw refused(result);
  }

  /** Everything that the server gives within the bounds. Referrals are told, and nobody follows them. */
  async search(search: LdapSearch): Promise<{ readonly entries: readonly LdapFound[]; readonly referrals: string[] }> {
    const deadline = this.#clock.monotonic() + ldapBounds.searchMs;
    await this.#channel.write(ldapSearch(this.#next(), search));
    const entries: LdapFound[] = [];
    const referrals: string[] = [];
    for (let bytes = 0; ; ) {
      const { answer, length } = await this.#receive();
      bytes += length;
      if (answer.kind === 'entry') entries.push(answer);
      else if (answer.kind === 'reference') referrals.push(...answer.urls);
      else if (answer.code === 0 || answer.code === 10 || cutShort.includes(answer.code))
        return { entries, referrals: [...referrals, ...answer.referrals] };
      else throw refused(answer);
      if (entries.length > ldapBounds.entries || referrals.length > ldapBounds.entries || bytes > ldapBounds.bytes)
        throw fault({ reason: 'local-limit', detail: 'the directory answers with more than is read' });
      if (this.#clock.monotonic() > deadline) throw fault({ reason: 'timeout', detail: 'the search takes too long' });
    }
  }

  async close(): Promise<void> {
    await this.#channel.write(ldapUnbind(this.#next())).catch(() => {});
    this.#channel.close();
  }

  #next(): number {
    return (this.#last += 1);
  }

  async #result(): Promise<LdapResult> {
    const { answer } = await this.#receive();
    if (answer.kind !== 'result') throw foreignAnswer('LDAP');
    return answer;
  }

  async #receive(): Promise<{ readonly answer: LdapAnswer; readonly length: number }> {
    let bytes: Uint8Array = await this.#channel.take(2);
    for (let more = (bytes[1] ?? 0) >= 0x80 ? (bytes[1] ?? 0) & 0x7f : 0; more > 0 && more <= 4; more = 0)
      bytes = Uint8Array.from([...bytes, ...(await this.#channel.take(more))]);
    const length = decodeLdapLength(bytes);
    if (bytes[0] !== 0x30 || length === null || length > mostMessage) throw foreignAnswer('LDAP');
    const rest = await this.#channel.take(length - bytes.length);
    const answer = decodeLdapAnswer(Buffer.concat([bytes, rest]));
    if (answer === null || (answer.id !== this.#last && answer.id !== 0)) throw foreignAnswer('LDAP');
    // Message 0 is the server's own word that it ends the session (section 4.4).
    if (answer.id === 0) throw notNow('the directory server ends the session');
    return { answer, length };
  }
}

function refused({ code, words }: LdapResult): ScriptFault {
  const text = `result ${code}${words === '' ? '' : `: ${words}`}`;
  return unavailable.includes(code) ? notNow(text) : refusal(text);
}
