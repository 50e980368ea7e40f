import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Sends the four-letter word "srvr", which tells version and mode. */
export const zookeeper: ServiceProbe = {
  name: 'zookeeper',
  help: 'Sends the four-letter word "srvr", which tells version and mode.',
  services: ['zookeeper'],
  transport: 'tcp',
  opens: 'client',
  ports: [2181, 2182],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? ascii('srvr') : null),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 2048));
    const known = { service: 'zookeeper', vendor: 'Apache', product: 'ZooKeeper' };
    if (/^srvr is not (?:executed because it is not in the whitelist|currently)/.test(text))
      return { ...known, cpe: 'cpe:/a:apache:zookeeper:-' };
    const version = /^Zookeeper version: ([0-9]+\.[0-9]+\.[0-9]+)/.exec(text)?.[1];
    if (version === undefined) return null;
    const mode = /^Mode: (\w{1,20})/m.exec(text)?.[1];
    return { ...known, version, cpe: `cpe:/a:apache:zookeeper:${version}`, ...(mode ? { info: `mode ${mode}` } : {}) };
  },
};
