import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A Checkmk agent sends all it knows, section after section; `<<<check_mk>>>` comes first. Newer ones ask for TLS first (`16`). */
export const checkMk: ServiceProbe = {
  name: 'check-mk',
  help: 'Reads the first section that a Checkmk agent sends to everybody.',
  services: ['checkmk-agent'],
  transport: 'tcp',
  opens: 'server',
  ports: [6556],
  tlsPorts: [],
  proved: 'specification',
  next: () => null,
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 1000));
    if (!text.startsWith('<<<check_mk>>>')) return null;
    const version = /^Version: ([0-9][0-9A-Za-z.]{0,20})/m.exec(text)?.[1];
    const os = /^AgentOS: (\w{2,20})/m.exec(text)?.[1];
    return {
      service: 'checkmk-agent',
      vendor: 'Checkmk',
      product: 'Checkmk agent',
      ...(version ? { version, cpe: `cpe:/a:checkmk:checkmk:${version}` } : {}),
      ...(os ? { os: { product: os } } : {}),
    };
  },
};
