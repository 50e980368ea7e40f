import { Socket } from 'node:net';
import type { Clock } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import { err, ok, type Result } from '@picket/base/result';
import type { Secret } from '@picket/base/secret';
import type { Connector } from '@picket/outbound/connector';
import { createTransport } from 'nodemailer';
import { plainLine } from './plain-line.ts';

/** Plain text to one person. */
export interface Mail {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for every attempt: becomes the Message-ID, by which a receiver tells a repetition. */
  readonly id: string;
}

/** How to hand mails over. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte, STARTTLS that must succeed, or none: then no login is sent. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly login: { readonly user: string; readonly password: Secret } | null;
  readonly from: string;
  readonly caPem: string | null;
}

export interface MailFailure {
  readonly message: string;
  readonly hint: string;
  /** Trying again is of no use: the server refused this mail for good. */
  readonly final: boolean;
}

/** Sends one mail, or says why not. */
export type SendMail = (server: MailServer, mail: Mail, signal: AbortSignal) => Promise<Result<null, MailFailure>>;

/** One address without anything around it: no list, no name, no second line (RFC 5321 section 4.1.2, without quoted local parts). */
const oneAddress = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}$/;
/** From the connection to the last answer, milliseconds. */
const deadlineMs = 25_000;
const longestText = 100_000;

/** Over SMTP (RFC 5321) through the platform's own connections; the server's certificate is always verified. */
export function smtpSender(connector: Connector, clock: Clock): SendMail {
  return async (server, mail, signal) => {
    if (!oneAddress.test(mail.to))
      return err({ message: 'The address of the receiver is none.', hint: 'Correct it at the account.', final: true });
    const over = new AbortController();
    const bounded = AbortSignal.any([signal, over.signal]);
    const late = clock.sleep(deadlineMs, bounded).then(
      () => over.abort(),
      () => {},
    );
    const opened = await connector.open({ host: server.host, port: server.port }, bounded);
    if (!opened.ok) {
      over.abort();
      return err({ message: opened.error.message, hint: opened.error.hint, final: false });
    }
    try {
      // A connection is a socket, or TLS over one towards a proxy, which is one too.
      const { stream } = opened.value;
      if (!(stream instanceof Socket)) throw new TypeError('the connection is no socket');
      return await handOver(stream, server, mail, bounded);
    } finally {
      over.abort();
      opened.value.stream.destroy();
      await late;
    }
  };
}

async function handOver(
  stream: Socket,
  server: MailServer,
  mail: Mail,
  signal: AbortSignal,
): Promise<Result<null, MailFailure>> {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    tls: { minVersion: 'TLSv1.2', ...(server.caPem === null ? {} : { ca: server.caPem }) },
    ...(server.login === null || server.security === 'none'
      ? {}
      : { auth: { user: server.login.user, pass: server.login.password.reveal() } }),
    getSocket: (_options: unknown, callback: (error: Error | null, socket: { connection: Socket }) => void) =>
      callback(null, { connection: stream }),
    disableFileAccess: true,
    disableUrlAccess: true,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    name: 'picket',
  });
  const onAbort = () => stream.destroy(new Error('no answer in time'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await transport.sendMail({
      from: { name: 'Picket', address: server.from },
      to: { name: '', address: mail.to },
      subject: plainLine(mail.subject, 150),
      text: mail.text.replaceAll(/[^\P{Cc}\n\t]/gu, ' ').slice(0, longestText),
      messageId: `<${mail.id}@${server.from.split('@')[1] ?? 'picket'}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return ok(null);
  } catch (error) {
    return err(failureOf(error, server));
  } finally {
    signal.removeEventListener('abort', onAbort);
    transport.close();
  }
}

/** Nodemailer's own codes beside the server's answer; a 5xx of the mail itself is final (RFC 5321 section 4.2.1). */
function failureOf(error: unknown, { host, security }: MailServer): MailFailure {
  const code = String(Reflect.get(Object(error), 'code') ?? '');
  const answered = Number(Reflect.get(Object(error), 'responseCode') ?? 0);
  const message = `${host}: ${plainLine(describeError(error), 300)}`;
  if (code === 'EAUTH') return { message, hint: 'Check login and password of the mail server.', final: false };
  if (code === 'ETLS' || /certificate|TLS|SSL/i.test(message)) {
    const hint =
      security === 'starttls'
        ? 'The server must offer STARTTLS with a certificate that is trusted; give its authority, or choose TLS.'
        : 'The server must speak TLS with a certificate that is trusted; give its authority, or choose STARTTLS.';
    return { message, hint, final: false };
  }
  return {
    message,
    hint: 'Check host, port and security of the mail server.',
    final: code === 'EENVELOPE' && answered >= 500,
  };
}
