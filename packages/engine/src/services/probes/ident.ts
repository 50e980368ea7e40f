import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 1413: asked about a pair of ports that can't be in use, the answer repeats them and says ERROR. */
export const ident: ServiceProbe = {
  name: 'ident',
  help: 'Asks who owns a connection that does not exist.',
  services: ['ident'],
  transport: 'tcp',
  opens: 'client',
  ports: [113],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('1, 1\r\n') : null),
  whole: lineWhole,
  classify: (answers) =>
    /^\s*1\s*,\s*1\s*:\s*(?:ERROR|USERID)\s*:/i.test(latin(answers[0] ?? new Uint8Array(0)))
      ? { service: 'ident' }
      : null,
};
