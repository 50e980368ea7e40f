import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Music Player Daemon: `OK MPD x.y.z`, the version of the protocol, not of the program. */
export const mpd: ServiceProbe = {
  name: 'mpd',
  help: 'Reads the greeting of a Music Player Daemon.',
  services: ['mpd'],
  transport: 'tcp',
  opens: 'server',
  ports: [6600],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers) {
    const version = /^OK MPD ([0-9]+\.[0-9]+\.[0-9]+)\n/.exec(latin(answers[0] ?? new Uint8Array(0)).slice(0, 40))?.[1];
    return version === undefined
      ? null
      : { service: 'mpd', vendor: 'Music Player Daemon', product: 'MPD', info: `protocol ${version}` };
  },
};
