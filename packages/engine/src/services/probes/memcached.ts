import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** The text protocol of memcached: `version` answers `VERSION x.y.z`. */
export const memcached: ServiceProbe = {
  name: 'memcached',
  help: 'Asks for the version in the text protocol.',
  services: ['memcache'],
  transport: 'tcp',
  opens: 'client',
  ports: [11211, 11212],
  tlsPorts: [],
  fallbackRank: 4,
  next: (answers) => (answers.length === 0 ? ascii('version\r\n') : null),
  whole: lineWhole,
  classify(answers) {
    const version = /^VERSION ([0-9][^\s]{0,40})\r?\n$/.exec(
      latin((answers[0] ?? new Uint8Array(0)).subarray(0, 80)),
    )?.[1];
    if (version === undefined) return null;
    return {
      service: 'memcache',
      vendor: 'Memcached',
      product: 'Memcached',
      version,
      cpe: `cpe:/a:memcached:memcached:${version}`,
    };
  },
};
