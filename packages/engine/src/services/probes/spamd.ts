import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** `PING` of the SPAMC protocol; SPAMD answers `0 PONG`. */
export const spamd: ServiceProbe = {
  name: 'spamd',
  help: 'Pings the daemon of SpamAssassin.',
  services: ['spamassassin'],
  transport: 'tcp',
  opens: 'client',
  ports: [783],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('PING SPAMC/1.2\r\n\r\n') : null),
  whole: lineWhole,
  classify(answers) {
    const version = /^SPAMD\/([0-9.]{1,5}) [0-9]{1,3} /.exec(latin(answers[0] ?? new Uint8Array(0)).slice(0, 60))?.[1];
    return version === undefined
      ? null
      : {
          service: 'spamassassin',
          vendor: 'Apache',
          product: 'SpamAssassin',
          info: `protocol ${version}`,
          cpe: 'cpe:/a:apache:spamassassin:-',
        };
  },
};
