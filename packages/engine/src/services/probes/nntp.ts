import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, latin } from '../bytes.ts';
import { lineWhole, reply } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 3977 section 5.1: greeting 200 or 201; CAPABILITIES answers 101. */
export const nntp: ServiceProbe = {
  name: 'nntp',
  help: 'Reads the greeting and asks CAPABILITIES.',
  services: ['nntp'],
  transport: 'tcp',
  opens: 'server',
  ports: [119, 433],
  tlsPorts: [563],
  proved: 'server',
  mayBe: (banner) => /^20[01] /.test(latin(banner)),
  next: (answers) => (answers.length === 1 ? ascii('CAPABILITIES\r\n') : null),
  whole: (answer, index) =>
    index === 1 && latin(answer).startsWith('101') ? /\n\.\r?\n$/.test(latin(answer)) : lineWhole(answer),
  classify(answers) {
    const greeting = reply(answers[0]);
    if (!greeting || ![200, 201, 400, 502].includes(greeting.code)) return null;
    const spoken = /^101[ \r\n]/.test(latin(answers[1] ?? new Uint8Array(0)));
    if (!spoken && !/\b(?:NNTP|NNRP|InterNetNews|InnD|Leafnode|news server)\b/i.test(greeting.text)) return null;
    return {
      service: 'nntp',
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
