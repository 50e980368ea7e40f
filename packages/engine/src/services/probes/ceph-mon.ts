import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Ceph messenger: `ceph v027` and addresses in version 1, `ceph v2\n` and features in version 2. */
export const cephMon: ServiceProbe = {
  name: 'ceph-mon',
  help: 'Reads the banner of a Ceph monitor or another Ceph daemon.',
  services: ['ceph'],
  transport: 'tcp',
  opens: 'server',
  ports: [3300, 6789],
  tlsPorts: [],
  proved: 'specification',
  next: () => null,
  classify(answers) {
    const banner = /^ceph v(027|2\n)/.exec(latin(answers[0] ?? new Uint8Array(0)).slice(0, 12))?.[1];
    return banner === undefined
      ? null
      : { service: 'ceph', vendor: 'Ceph', product: 'Ceph', info: `messenger version ${banner === '027' ? 1 : 2}` };
  },
};
