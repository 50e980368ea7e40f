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
  next: (answers) => (answers.length === 0 ? ascii('VERSION\r\n') : null),
  whole: lineWhole,
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 2048));
    const numeric = /^(?::(\S{1,100}) (?:451|351|020|439) |:(\S{1,100}) NOTICE \S+ :|NOTICE AUTH :)/m.exec(text);
    if (!numeric) return null;
    const hostname = numeric[1] ?? numeric[2];
    const version = / 351 \S+ (\S{1,80})/.exec(text)?.[1];
    return { service: 'irc', ...(hostname?.includes('.') ? { hostname } : {}), ...(version ? { info: version } : {}) };
  },
};
