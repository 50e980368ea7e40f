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
    if (answers.length === 1) return !context.tls && isIrc(answers[0]) ? ascii('STARTTLS\r\n') : null;
    // RPL_STARTTLS of the IRCv3 extension "tls"; where it is unknown another numeric comes.
    return answers.length === 2 && / 670 /.test(latin(answers[1] ?? new Uint8Array(0))) ? 'start-tls' : null;
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
      startTls: / 670 /.test(latin(answers[1] ?? new Uint8Array(0))),
      ...(hostname?.includes('.') ? { hostname } : {}),
      ...(version ? { info: version } : {}),
    };
  },
};

function isIrc(answer: Uint8Array | undefined): RegExpExecArray | null {
  const text = latin((answer ?? new Uint8Array(0)).subarray(0, 2048));
  return /^(?::(\S{1,100}) (?:451|351|020|439) |:(\S{1,100}) NOTICE \S+ :|NOTICE AUTH :)/m.exec(text);
}
