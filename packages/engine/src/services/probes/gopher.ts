import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 1436 section 2: an empty selector asks for the menu: type and name, selector, host and port, parted by tabs. */
export const gopher: ServiceProbe = {
  name: 'gopher',
  help: 'Asks for the menu of a Gopher server.',
  services: ['gopher'],
  transport: 'tcp',
  opens: 'client',
  ports: [70],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('\r\n') : null),
  whole: (answer) => /(?:^|\n)\.\r?\n$/.test(latin(answer.subarray(-8))),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 4096));
    if (!/^[0-9+gIThis][^\t\r\n]{0,300}\t[^\t\r\n]{0,300}\t[^\t\r\n]{1,255}\t[0-9]{1,5}/.test(text)) return null;
    const version = /Gophernicus\/([0-9][0-9.]{0,12})/.exec(text)?.[1];
    return { service: 'gopher', ...(version ? { vendor: 'Gophernicus', product: 'Gophernicus', version } : {}) };
  },
};
