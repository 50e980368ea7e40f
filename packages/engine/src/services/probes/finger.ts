import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 1288: a name and a line end; asked for a user that does not exist. */
export const finger: ServiceProbe = {
  name: 'finger',
  help: 'Asks about a user that does not exist.',
  services: ['finger'],
  transport: 'tcp',
  opens: 'client',
  ports: [79],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('picket\r\n') : null),
  whole: lineWhole,
  classify: (answers) =>
    /picket: no such user|^Login(?:\s+name)?:\s+picket|no one logged on/im.test(
      latin((answers[0] ?? new Uint8Array(0)).subarray(0, 1024)),
    )
      ? { service: 'finger' }
      : null,
};
