import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 2812: an unregistered VERSION is answered by numeric 451, 351 or a notice that carries the server's name. */
export const irc: ServiceProbe = {
  name: 'irc',
  help: 'Asks for the version without registering.',
  services: ['irc'],
  transport: 'tcp',
  opens: 'client',
  ports: [6667, 6666, 6668, 6669, 7000],
  tlsPorts: [6697],
  proved: 'server',
  next(answers, context) {
    if (answers.length === 0) return ascii('VERSION\r\n');
    // The IRCv3 capability "tls" allows STARTTLS, which RPL_STARTTLS (670) grants.
    if (answers.length === 1) return !context.tls && isIrc(answers[0]) ? ascii('CAP LS\r\n') : null;
    const told = latin(answers.at(-1) ?? new Uint8Array(0));
    if (answers.length === 2) return / LS [^\r\n]*\btls\b/.test(told) ? ascii('STARTTLS\r\n') : null;
    return answers.length === 3 && / 670 /.test(told) ? 'start-tls' : null;
  },
  whole: lineWhole,
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 2048));
    const numeric = isIrc(answers[0]);
    if (!numeric) return null;
    const hostname = numeric[1] ?? numeric[2];
    const version = / 351 \S+ (\S{1,80})/.exec(text)?.[1];
    return {
      service: 'irc',
      startTls: / 670 /.test(latin(answers[2] ?? new Uint8Array(0))),
      ...(hostname?.includes('.') ? { hostname } : {}),
      ...(version ? { info: version } : {}),
    };
  },
};

function isIrc(answer: Uint8Array | undefined): RegExpExecArray | null {
  const text = latin((answer ?? new Uint8Array(0)).subarray(0, 2048));
  return /^(?::(\S{1,100}) (?:451|351|020|439) |:(\S{1,100}) NOTICE \S+ :|NOTICE AUTH :)/m.exec(text);
}
