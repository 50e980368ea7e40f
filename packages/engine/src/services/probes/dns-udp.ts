import { dnsIdentification } from '../dns-identification.ts';
import { versionQuery } from '../dns-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** Asks a name server for version.bind in class CHAOS, over UDP. */
export const dnsUdp: ServiceProbe = {
  name: 'dns-udp',
  help: 'Asks a name server for version.bind in class CHAOS, over UDP.',
  services: ['domain'],
  transport: 'udp',
  opens: 'client',
  ports: [53],
  tlsPorts: [],
  fallbackRank: 1,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? versionQuery : null),
  classify: (answers) => dnsIdentification(answers[0] ?? new Uint8Array(0)),
};
