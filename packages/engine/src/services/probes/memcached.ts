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
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('version\r\n') : null),
  whole: lineWhole,
  classify(answers) {
    const answer = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 80));
    const known = { service: 'memcache', vendor: 'Memcached', product: 'Memcached' };
    // With an authentication file (-Y) every command but the log-in gets this (protocol.txt, "Authentication").
    if (/^CLIENT_ERROR unauthenticated\r?\n/.test(answer))
      return { ...known, cpe: 'cpe:/a:memcached:memcached:-', info: 'wants a log-in' };
    const version = /^VERSION ([0-9][^\s]{0,40})\r?\n$/.exec(answer)?.[1];
    return version === undefined ? null : { ...known, version, cpe: `cpe:/a:memcached:memcached:${version}` };
  },
};
