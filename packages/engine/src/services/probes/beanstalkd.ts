import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** `stats` of the beanstalk protocol answers `OK <bytes>` and a YAML table that holds the version. */
export const beanstalkd: ServiceProbe = {
  name: 'beanstalkd',
  help: 'Asks a beanstalk work queue for its statistics.',
  services: ['beanstalkd'],
  transport: 'tcp',
  opens: 'client',
  ports: [11300],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('stats\r\n') : null),
  whole: (answer) => !latin(answer).startsWith('OK ') || latin(answer.subarray(-4)).endsWith('\r\n'),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 8192));
    if (!/^OK [0-9]{1,6}\r\n---\n/.test(text) || !/^current-jobs-ready: /m.test(text)) return null;
    const version = /^version: "?([0-9][0-9A-Za-z.+-]{0,30})"?$/m.exec(text)?.[1];
    return {
      service: 'beanstalkd',
      vendor: 'Beanstalkd',
      product: 'beanstalkd',
      ...(version ? { version, cpe: `cpe:/a:beanstalkd_project:beanstalkd:${version}` } : {}),
    };
  },
};
