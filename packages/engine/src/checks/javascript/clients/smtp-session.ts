import { ascii } from '../../../services/bytes.ts';
import type { Channel } from '../channel.ts';
import { foreignAnswer, misuse, notNow, refusal, ScriptFault } from '../script-fault.ts';
import { decodeSmtpReply, type SmtpReply } from './smtp-reply.ts';

/** What the client calls itself, as service identification does. */
const ownName = 'picket.invalid';

/** A sender, which may be nobody, and the one whom a mail would be for. */
export interface SmtpEnvelope {
  readonly from: string;
  readonly to: string;
}

/**
 * A session with a mail server (RFC 5321): one command after the other. There is no DATA here, nor another way to hand over a text, so
 * that nothing can ever be delivered.
 */
export class SmtpSession {
  readonly #channel: Channel;
  /** Whether the last word was the server's, in order: only then is there somebody to take leave of. */
  #inOrder = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** The first words of the server; null where they are no reply of a mail server. */
  async greeting(): Promise<SmtpReply | null> {
    const reply = await this.#reply();
    if (reply?.code === 421) throw notNow(wordsOf(reply));
    return reply;
  }

  /** EHLO, and HELO where the server does not know it (section 4.1.1.1). */
  async hello(): Promise<SmtpReply> {
    const extended = await this.#ask(`EHLO ${ownName}`);
    return extended.code >= 500 ? this.#ask(`HELO ${ownName}`) : extended;
  }

  /**
   * Asks whether the server would take a mail with this envelope: MAIL and RCPT, and no further. Throws a refusal when it says no, and
   * a fault when it cannot say.
   */
  async offer({ from, to }: SmtpEnvelope): Promise<void> {
    const hello = await this.hello();
    if (hello.code !== 250) throw answered(hello);
    const secure = hello.lines.some((line) => /^STARTTLS\s*$/i.test(line));
    for (const command of [`MAIL FROM:<${from}>`, `RCPT TO:<${to}>`]) {
      const reply = await this.#ask(command);
      if (reply.code === 530 && secure) throw misuse('the server deals with mail over TLS alone');
      if (reply.code !== 250 && reply.code !== 251) throw answered(reply);
    }
  }

  /** Forgets what was begun and takes leave; a server that does not answer in order is left without. */
  async close(): Promise<void> {
    try {
      for (const command of ['RSET', 'QUIT']) if (this.#inOrder) await this.#ask(command);
    } catch (error) {
      if (!(error instanceof ScriptFault)) throw error;
    } finally {
      this.#channel.close();
    }
  }

  async #ask(command: string): Promise<SmtpReply> {
    this.#inOrder = false;
    await this.#channel.write(ascii(`${command}\r\n`));
    const reply = await this.#reply();
    if (reply === null) throw foreignAnswer('SMTP');
    return reply;
  }

  async #reply(): Promise<SmtpReply | null> {
    const bytes = await this.#channel.takeWhile((received) => decodeSmtpReply(received) !== 'partial');
    const reply = decodeSmtpReply(bytes);
    // A second reply that nobody asked for would be taken for the answer to the next command.
    this.#inOrder = typeof reply !== 'string' && reply.length === bytes.length;
    return typeof reply === 'string' || !this.#inOrder ? null : reply;
  }
}

/** A no for good (5yz) is an answer; a no for now (4yz) says nothing of what the server does later; anything else is out of order. */
function answered(reply: SmtpReply): ScriptFault {
  if (reply.code >= 500) return refusal(wordsOf(reply));
  return reply.code >= 400 ? notNow(wordsOf(reply)) : foreignAnswer('SMTP');
}

function wordsOf({ code, lines }: SmtpReply): string {
  return `${code} ${lines.join(' ')}`.slice(0, 200).trim();
}
