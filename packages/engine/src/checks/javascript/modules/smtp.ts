import { type SmtpEnvelope, SmtpSession } from '../clients/smtp-session.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import type { ScriptArgs } from '../script-args.ts';
import { foreignAnswer, misuse } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';
import { messageAt, smtpMessageFunctions } from './smtp-message.ts';

/** Where a client of a script speaks to. */
class SmtpClient {
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number) {
    this.host = host;
    this.port = port;
  }
}

async function session<T>(args: ScriptArgs, host: ScriptHost, talk: (session: SmtpSession) => Promise<T>): Promise<T> {
  const client = host.held(args, SmtpClient);
  const opened = new SmtpSession(await host.connect(client.host, client.port));
  try {
    return await talk(opened);
  } finally {
    await opened.close();
  }
}

/** A greeting (220, or 554 of a server that takes no mail) that tells of SMTP or is followed by a good answer to EHLO or HELO. */
async function isSmtp(opened: SmtpSession): Promise<ScriptValue> {
  const greeting = await opened.greeting();
  if (greeting === null) return { IsSMTP: false, Banner: '' };
  const { code, lines } = greeting;
  const banner = lines.join('\n').trim().slice(0, 1000);
  const greets = code === 220 || code === 554;
  const says = /\bE?SMTP\b/i.test(banner);
  const found = greets && (says || (await opened.hello()).code === 250);
  return { IsSMTP: found, Banner: found ? banner : '' };
}

/** An address as it may stand in a command: no blanks, line ends or angle brackets, so that it is one argument. */
const address = /^[!-;=?-~]{1,64}@([A-Za-z0-9.-]{1,255})$/;

/** The sender and the only recipient; nobody is a sender too (RFC 5321 section 4.5.5). */
function envelopeOf(from: string, to: readonly string[]): SmtpEnvelope & { readonly domain: string } {
  const [recipient = '', ...more] = to;
  if (more.length > 0 || recipient === '') throw misuse(`one recipient is asked about, not ${to.length}`);
  const domain = address.exec(recipient)?.[1]?.toLowerCase();
  if (domain === undefined || (from !== '' && !address.test(from)))
    throw misuse('sender and recipient must be NAME@DOMAIN');
  return { from, to: recipient, domain };
}

/** Whether mail for the domain is for the server itself, so that taking it is no relaying. */
function isOwn(domain: string, names: readonly string[]): boolean {
  return !domain.includes('.') || names.some((name) => `.${name.toLowerCase()}`.endsWith(`.${domain}`));
}

const isOpenRelay: ScriptFunction = (args, host) => {
  const message = messageAt(args, 1, host);
  const envelope = envelopeOf(message.from, message.to);
  return session(args, host, async (opened) => {
    const greeting = await opened.greeting();
    if (greeting?.code === 554) return false;
    if (greeting?.code !== 220) throw foreignAnswer('SMTP');
    const own = [host.endpoint.address, host.endpoint.name ?? '', greeting.lines[0]?.split(' ')[0] ?? ''];
    if (isOwn(envelope.domain, own)) throw misuse('the recipient is not outside of the server');
    await opened.offer(envelope);
    return true;
  });
};

/** `nuclei/smtp`. */
export const smtpFunctions: Readonly<Record<string, ScriptFunction>> = {
  ...smtpMessageFunctions,
  'smtp.Client': (args, host) => host.hold(new SmtpClient(args.text(0), args.port(1))),
  'smtp.Client.IsSMTP': (args, host) => session(args, host, isSmtp),
  'smtp.Client.IsOpenRelay': isOpenRelay,
  'smtp.Client.SendMail': () => {
    throw misuse('not done: Picket sends no mail');
  },
};
