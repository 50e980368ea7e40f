import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** The management interface greets with `>INFO:OpenVPN Management Interface Version n`; `version` tells the program's. */
export const openvpnManagement: ServiceProbe = {
  name: 'openvpn-management',
  help: 'Reads the greeting of the OpenVPN management interface and asks the version.',
  services: ['openvpn-management'],
  transport: 'tcp',
  opens: 'server',
  ports: [7505],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 1 ? ascii('version\r\n') : null),
  whole: (answer, index) => index === 0 || /(?:^|\n)END\r?\n/.test(latin(answer)),
  classify(answers) {
    const greeting = latin(answers[0] ?? new Uint8Array(0));
    if (!greeting.startsWith('>INFO:OpenVPN Management Interface Version ')) return null;
    const version = /OpenVPN Version: OpenVPN ([0-9][0-9A-Za-z._]{0,20})/.exec(
      latin(answers[1] ?? new Uint8Array(0)),
    )?.[1];
    return {
      service: 'openvpn-management',
      vendor: 'OpenVPN',
      product: 'OpenVPN',
      info: 'management interface without a password',
      ...(version ? { version, cpe: `cpe:/a:openvpn:openvpn:${version}` } : {}),
    };
  },
};
