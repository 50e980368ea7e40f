import { ascii, indexOf, latin, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A broker sends WIREFORMAT_INFO (type 1) with the magic `ActiveMQ` first; newer ones add ProviderVersion to it. */
export const openwire: ServiceProbe = {
  name: 'openwire',
  help: 'Reads the wire format that an ActiveMQ broker sends first.',
  services: ['openwire'],
  transport: 'tcp',
  opens: 'server',
  ports: [61616],
  tlsPorts: [61617],
  proved: 'specification',
  next: () => null,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u8(answer, 4) !== 1 || indexOf(answer.subarray(5, 13), ascii('ActiveMQ')) !== 0) return null;
    const version = /ProviderVersion[^0-9]{1,6}([0-9]+\.[0-9]+\.[0-9]+)/.exec(latin(answer.subarray(0, 1024)))?.[1];
    return {
      service: 'openwire',
      vendor: 'Apache',
      product: 'ActiveMQ',
      cpe: `cpe:/a:apache:activemq:${version ?? '-'}`,
      ...(version ? { version } : {}),
    };
  },
};
