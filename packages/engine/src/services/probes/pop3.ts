import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 1939: `+OK` greeting. CAPA is RFC 2449, STLS RFC 2595. */
export const pop3: ServiceProbe = {
  name: 'pop3',
  help: 'Reads the greeting, asks CAPA, and upgrades by STLS when that is offered.',
  services: ['pop3'],
  transport: 'tcp',
  opens: 'server',
  ports: [110],
  tlsPorts: [995],
  proved: 'server',
  next(answers, context) {
    if (answers.length === 1) return ascii('CAPA\r\n');
    if (answers.length === 2 && !context.tls && offers(answers[1])) return ascii('STLS\r\n');
    return answers.length === 3 && latin(answers[2] ?? new Uint8Array(0)).startsWith('+OK') ? 'start-tls' : null;
  },
  whole: (answer, index) =>
    index === 1 && answer[0] === 0x2b ? /(?:^|\n)\.\r?\n$/.test(latin(answer.subarray(-8))) : lineWhole(answer),
  classify(answers) {
    const greeting = /^\+OK(?:[ \r\n]|$)([^\r\n]*)/.exec(
      decodeText((answers[0] ?? new Uint8Array(0)).subarray(0, 1024)),
    );
    if (!greeting) return null;
    if (answers[1] && !/^(?:\+OK|-ERR)/.test(latin(answers[1]))) return null;
    const implementation = /^IMPLEMENTATION ([^\r\n]{1,200})/im.exec(latin(answers[1] ?? new Uint8Array(0)))?.[1];
    return {
      service: 'pop3',
      startTls: offers(answers[1]),
      banners: [{ database: 'pop3.banner', text: (greeting[1] ?? '').trim() }],
      ...(implementation === undefined ? {} : { info: implementation }),
    };
  },
};

function offers(capabilities: Uint8Array | undefined): boolean {
  return /^STLS\s*$/im.test(latin(capabilities ?? new Uint8Array(0)));
}
