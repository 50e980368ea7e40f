import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, latin } from '../bytes.ts';
import { lineWhole, reply } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 3977 section 5.1: greeting 200 or 201; CAPABILITIES answers 101. */
export const nntp: ServiceProbe = {
  name: 'nntp',
  help: 'Reads the greeting, asks CAPABILITIES, and upgrades by STARTTLS (RFC 4642) when that is offered.',
  services: ['nntp'],
  transport: 'tcp',
  opens: 'server',
  ports: [119, 433],
  tlsPorts: [563],
  proved: 'specification',
  mayBe: (banner) => /^20[01] /.test(latin(banner)),
  next(answers, context) {
    if (answers.length === 1) return ascii('CAPABILITIES\r\n');
    if (answers.length === 2) return !context.tls && offersTls(answers[1]) ? ascii('STARTTLS\r\n') : null;
    return answers.length === 3 && reply(answers[2])?.code === 382 ? 'start-tls' : null;
  },
  whole: (answer, index) =>
    index === 1 && latin(answer).startsWith('101') ? /\n\.\r?\n$/.test(latin(answer)) : lineWhole(answer),
  classify(answers) {
    const greeting = reply(answers[0]);
    if (!greeting || ![200, 201, 400, 502].includes(greeting.code)) return null;
    const spoken = /^101[ \r\n]/.test(latin(answers[1] ?? new Uint8Array(0)));
    if (!spoken && !/\b(?:NNTP|NNRP|InterNetNews|InnD|Leafnode|news server)\b/i.test(greeting.text)) return null;
    return {
      service: 'nntp',
      startTls: offersTls(answers[1]),
      banners: [
        {
          database: 'nntp.banner',
          text:
            decodeText(answers[0] ?? new Uint8Array(0))
              .slice(4)
              .split(/\r?\n/)[0] ?? '',
        },
      ],
    };
  },
};

function offersTls(capabilities: Uint8Array | undefined): boolean {
  return /^STARTTLS\s*$/im.test(latin(capabilities ?? new Uint8Array(0)));
}
