import { ascii, latin } from '../bytes.ts';
import { reply, replyText, replyWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 959: `220` greeting. FEAT (RFC 2389) may be asked before login; `AUTH TLS` in it is RFC 4217. */
export const ftp: ServiceProbe = {
  name: 'ftp',
  help: 'Reads the greeting, asks FEAT, and upgrades by AUTH TLS when that is offered. It never logs in.',
  services: ['ftp'],
  transport: 'tcp',
  opens: 'server',
  ports: [21, 2121, 2221, 8021, 10021],
  tlsPorts: [990],
  proved: 'server',
  mayBe: (banner) => /^220[ -]/.test(latin(banner)),
  next(answers, context) {
    if (answers.length === 1) return ascii('FEAT\r\n');
    if (context.tls) return null;
    // Many servers tell their features only after login; AUTH itself is allowed before (RFC 4217 section 4).
    if (answers.length === 2) return offersTls(answers[1]) || answers[1]?.[0] === 0x35 ? ascii('AUTH TLS\r\n') : null;
    return answers.length === 3 && reply(answers[2])?.code === 234 ? 'start-tls' : null;
  },
  whole: replyWhole,
  classify(answers) {
    const greeting = reply(answers[0]);
    if (greeting?.code !== 220 && greeting?.code !== 421) return null;
    const features = reply(answers[1]);
    const says = /\bFTP|FTPd?\b/i.test(greeting.text);
    if (features ? !says && ![211, 500, 502, 530].includes(features.code) : !says) return null;
    if (features?.code === 500 && !says) return null;
    return {
      service: 'ftp',
      startTls: offersTls(answers[1]) || reply(answers[2])?.code === 234,
      banners: [{ database: 'ftp.banner', text: replyText(answers[0]) }],
    };
  },
};

function offersTls(features: Uint8Array | undefined): boolean {
  // Blanks only: \s takes line ends too, and reads a page of empty lines anew from each of them.
  return /^[ \t]*AUTH (?:TLS|SSL)/im.test(latin(features ?? new Uint8Array(0)));
}
