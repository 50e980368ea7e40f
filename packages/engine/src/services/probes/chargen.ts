import { indexOf, ascii } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 864: an endless stream of the printable characters in turn. */
export const chargen: ServiceProbe = {
  name: 'chargen',
  help: 'Reads the first line of a character generator.',
  services: ['chargen'],
  transport: 'tcp',
  opens: 'server',
  ports: [19],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify: (answers) =>
    indexOf((answers[0] ?? new Uint8Array(0)).subarray(0, 512), ascii('()*+,-./0123456789:;<=>?@ABCDEFGHIJ')) >= 0
      ? { service: 'chargen' }
      : null,
};
