import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 9051 section 7.1.5: `* OK`, `* PREAUTH` or `* BYE` greets. */
export const imap: ServiceProbe = {
  name: 'imap',
  help: 'Reads the greeting, asks CAPABILITY, and upgrades by STARTTLS when that is offered.',
  services: ['imap'],
  transport: 'tcp',
  opens: 'server',
  ports: [143],
  tlsPorts: [993],
  proved: 'server',
  next(answers, context) {
    if (answers.length === 1) return ascii('a1 CAPABILITY\r\n');
    if (answers.length === 2 && !context.tls && offers(answers[1])) return ascii('a2 STARTTLS\r\n');
    return answers.length === 3 && /^a2 OK/im.test(latin(answers[2] ?? new Uint8Array(0))) ? 'start-tls' : null;
  },
  whole: (answer, index) => lineWhole(answer) && (index === 0 || new RegExp(`^a${index} `, 'im').test(latin(answer))),
  classify(answers) {
    const greeting = /^\* (OK|PREAUTH|BYE)(?:[ \r\n]|$)([^\r\n]*)/i.exec(
      decodeText((answers[0] ?? new Uint8Array(0)).subarray(0, 2048)),
    );
    if (!greeting) return null;
    const text = (greeting[2] ?? '').replace(/^\[CAPABILITY [^\]]{0,1000}\] ?/i, '').trim();
    return { service: 'imap', startTls: offers(answers[1]), banners: [{ database: 'imap4.banner', text }] };
  },
};

function offers(capabilities: Uint8Array | undefined): boolean {
  return /^\* CAPABILITY [^\r\n]*\bSTARTTLS\b/im.test(latin(capabilities ?? new Uint8Array(0)));
}
