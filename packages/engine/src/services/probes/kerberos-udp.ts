import { kerberosIdentification, kerberosRequest } from '../kerberos-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** Asks a key distribution centre for a ticket of an unknown realm, over UDP, and reads the error. */
export const kerberosUdp: ServiceProbe = {
  name: 'kerberos-udp',
  help: 'Asks a key distribution centre for a ticket of an unknown realm, over UDP, and reads the error.',
  services: ['kerberos'],
  transport: 'udp',
  opens: 'client',
  ports: [88],
  tlsPorts: [],
  fallbackRank: 10,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? kerberosRequest : null),
  classify: (answers) => kerberosIdentification(answers[0] ?? new Uint8Array(0)),
};
