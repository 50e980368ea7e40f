import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';
import { replyText, replyWhole, reply } from '../line-reply.ts';

/** RFC 5321 section 4.2: `220` greeting; EHLO lists the extensions, among them STARTTLS (RFC 3207). */
export const smtp: ServiceProbe = {
  name: 'smtp',
  help: 'Reads the greeting, says EHLO, and upgrades by STARTTLS when that is offered, to see the certificate.',
  services: ['smtp', 'lmtp'],
  transport: 'tcp',
  opens: 'server',
  ports: [25, 587, 2525, 24, 26],
  tlsPorts: [465],
  proved: 'server',
  mayBe: (banner) => /^220[ -]/.test(latin(banner)),
  next(answers, context) {
    if (answers.length === 1) return ascii(isLmtp(answers[0]) ? 'LHLO picket.invalid\r\n' : 'EHLO picket.invalid\r\n');
    if (answers.length === 2 && !context.tls && /^250[ -]STARTTLS\s*$/im.test(latin(answers[1] ?? new Uint8Array(0)))) {
      return ascii('STARTTLS\r\n');
    }
    return answers.length === 3 && reply(answers[2])?.code === 220 ? 'start-tls' : null;
  },
  whole: replyWhole,
  classify(answers) {
    const greeting = reply(answers[0]);
    if (greeting?.code !== 220 && greeting?.code !== 554) return null;
    const text = replyText(answers[0]);
    const hello = reply(answers[1]);
    const says = /\bE?SMTP\b|\bLMTP\b/i.test(text);
    if (hello ? hello.code !== 250 && !(says && hello.code >= 400) : !says) return null;
    const startTls = /^250[ -]STARTTLS\s*$/im.test(latin(answers[1] ?? new Uint8Array(0)));
    const hostname = /^([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})(?: |$)/.exec(text)?.[1];
    return {
      service: isLmtp(answers[0]) ? 'lmtp' : 'smtp',
      startTls,
      banners: [{ database: 'smtp.banner', text }],
      ...(hostname === undefined ? {} : { hostname }),
    };
  },
};

function isLmtp(greeting: Uint8Array | undefined): boolean {
  return /\bLMTP\b/i.test(replyText(greeting));
}
