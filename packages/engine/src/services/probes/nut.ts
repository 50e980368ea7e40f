import { ascii, latin } from '../bytes.ts';
import { lineWhole } from '../line-reply.ts';
import type { ServiceProbe } from '../probe.ts';

/** Network UPS Tools (RFC 9271 section 4.2): `VER` tells program and version. */
export const nut: ServiceProbe = {
  name: 'nut',
  help: 'Asks a server of uninterruptible power supplies for its version.',
  services: ['nut'],
  transport: 'tcp',
  opens: 'client',
  ports: [3493],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? ascii('VER\n') : null),
  whole: lineWhole,
  classify(answers) {
    const text = latin(answers[0] ?? new Uint8Array(0)).slice(0, 200);
    const version = /^Network UPS Tools upsd ([0-9][0-9A-Za-z.]{0,20})/.exec(text)?.[1];
    if (version === undefined) return /^ERR [A-Z-]{3,40}\n$/.test(text) ? { service: 'nut', confidence: 0.8 } : null;
    return {
      service: 'nut',
      vendor: 'Network UPS Tools',
      product: 'upsd',
      version,
      cpe: `cpe:/a:networkupstools:nut:${version}`,
    };
  },
};
