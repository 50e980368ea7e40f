import type { Cause } from '../errors/cause.ts';

/** One cause of every description, for tables in tests. */
export const sampleCauses: readonly Cause[] = [
  ...(['lan', 'wan'] as const).flatMap((port): Cause[] => [
    { kind: 'iface-down', port },
    { kind: 'no-carrier', port },
    { kind: 'no-address', port, family: 4 },
    { kind: 'no-address', port, family: 6 },
    { kind: 'invalid-config', port, loopback: false },
    { kind: 'invalid-config', port, loopback: true },
    { kind: 'no-gateway', port, family: 4 },
    { kind: 'no-gateway', port, family: 6 },
    { kind: 'no-dns-server', port },
    { kind: 'dns-failed', port, answered: true },
    { kind: 'dns-failed', port, answered: false },
  ]),
  ...[false, true].flatMap((ntlm): Cause[] => [
    { kind: 'proxy-timeout', ntlm },
    { kind: 'proxy-closed', ntlm },
    { kind: 'proxy-no-http', ntlm },
    { kind: 'proxy-no-auth', ntlm },
    { kind: 'proxy-status', status: 407, ntlm },
    { kind: 'proxy-status', status: 404, ntlm },
  ]),
  { kind: 'platform-timeout' },
  { kind: 'tls-handshake' },
  { kind: 'certificate' },
  { kind: 'platform-answer' },
  { kind: 'platform-refused' },
];
