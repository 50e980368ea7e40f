import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** The administrative text protocol of a Gearman job server: `version` answers `OK x.y.z`. */
export const gearman: ServiceProbe = {
  name: 'gearman',
  help: 'Asks a Gearman job server for its version.',
  services: ['gearman'],
  transport: 'tcp',
  opens: 'client',
  ports: [4730],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('version\n') : null),
  whole: lineWhole,
  classify(answers) {
    const version = /^OK ([0-9]+(?:\.[0-9]+){1,4})[0-9A-Za-z.+~-]{0,20}\r?\n$/.exec(
      latin(answers[0] ?? new Uint8Array(0)).slice(0, 60),
    )?.[1];
    return version === undefined
      ? null
      : {
          service: 'gearman',
          vendor: 'Gearman',
          product: 'Gearman job server',
          version,
          cpe: `cpe:/a:gearman:gearmand:${version}`,
        };
  },
};
