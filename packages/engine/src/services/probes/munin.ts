import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** A Munin node greets with `# munin node at NAME`; `version` tells the rest. */
export const munin: ServiceProbe = {
  name: 'munin',
  help: 'Reads the greeting of a Munin node and asks its version.',
  services: ['munin'],
  transport: 'tcp',
  opens: 'server',
  ports: [4949],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 1 ? ascii('version\n') : null),
  whole: lineWhole,
  classify(answers) {
    const host = /^# (?:munin|lrrd) (?:node|client) at ([^\s]{1,200})\n/.exec(
      latin(answers[0] ?? new Uint8Array(0)),
    )?.[1];
    if (host === undefined) return null;
    const version = / version: ([0-9][0-9A-Za-z.]{0,20})/.exec(
      latin(answers[1] ?? new Uint8Array(0)).slice(0, 300),
    )?.[1];
    return {
      service: 'munin',
      vendor: 'Munin',
      product: 'Munin node',
      hostname: host,
      ...(version ? { version, cpe: `cpe:/a:munin-monitoring:munin:${version}` } : {}),
    };
  },
};
