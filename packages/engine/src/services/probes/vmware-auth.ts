import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** The authentication daemon of VMware hosts: `220 VMware Authentication Daemon Version 1.10: SSL Required, ...`. */
export const vmwareAuth: ServiceProbe = {
  name: 'vmware-auth',
  help: "Reads the greeting of a VMware host's authentication daemon.",
  services: ['ideafarm-door'],
  transport: 'tcp',
  opens: 'server',
  ports: [902, 903],
  tlsPorts: [],
  proved: 'specification',
  next: () => null,
  classify(answers) {
    const version = /^220 VMware Authentication Daemon Version ([0-9.]{1,8})/.exec(
      latin(answers[0] ?? new Uint8Array(0)).slice(0, 200),
    )?.[1];
    return version === undefined
      ? null
      : { service: 'ideafarm-door', vendor: 'VMware', product: 'VMware Authentication Daemon', version };
  },
};
