import { misuse } from '../script-fault.ts';
import { ScriptArgs } from '../script-args.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';
import { textOfBytes } from './global-functions.ts';

/** Longest subject or text and most recipients that a message of a script holds. */
const bounds = { characters: 262_144, recipients: 100 } as const;

/** A message that a script puts together. It is never sent; only its sender and recipient are asked about. */
export class SmtpMessage {
  from = '';
  to: readonly string[] = [];
  subject = '';
  body = '';

  /** The message as a text of RFC 5322, with the lines that the template format gives it. */
  text(): string {
    const subject = this.subject === '' ? [] : [`Subject: ${this.subject}`];
    return [`To: ${this.to.join(',')}`, ...subject, 'MIME-Version: 1.0', '', this.body, ''].join('\r\n');
  }
}

/** The message that a script gives as an argument. */
export function messageAt(args: ScriptArgs, at: number, host: ScriptHost): SmtpMessage {
  return host.held(new ScriptArgs([args.field(at, '$id')]), SmtpMessage);
}

/** A method that changes the message and gives it back, so that calls can be chained. */
function changed(change: (message: SmtpMessage, args: ScriptArgs) => void): ScriptFunction {
  return (args, host) => {
    change(host.held(args, SmtpMessage), args.after(1));
    return { $same: true };
  };
}

function bounded(text: string): string {
  if (text.length > bounds.characters) throw misuse(`a message holds at most ${bounds.characters} characters`);
  return text;
}

/** `SMTPMessage` of `nuclei/smtp`. */
export const smtpMessageFunctions: Readonly<Record<string, ScriptFunction>> = {
  'smtp.SMTPMessage': (_args, host) => host.hold(new SmtpMessage()),
  'smtp.SMTPMessage.From': changed((message, args) => {
    message.from = args.text(0).slice(0, 400);
  }),
  'smtp.SMTPMessage.To': changed((message, args) => {
    if (message.to.length >= bounds.recipients) throw misuse(`a message has at most ${bounds.recipients} recipients`);
    message.to = [...message.to, args.text(0).slice(0, 400)];
  }),
  'smtp.SMTPMessage.Subject': changed((message, args) => {
    message.subject = bounded(args.text(0));
  }),
  'smtp.SMTPMessage.Body': changed((message, args) => {
    message.body = bounded(textOfBytes(args.bytes(0)));
  }),
  // An account is for sending, which is not done.
  'smtp.SMTPMessage.Auth': changed(() => {}),
  'smtp.SMTPMessage.String': (args, host) => host.held(args, SmtpMessage).text(),
};
