import { be16, concat, u16be } from '../bytes.ts';
import { dnsIdentification } from '../dns-identification.ts';
import { versionQuery } from '../dns-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 1035 section 4.2.2: over TCP each message follows its length. */
export const dnsTcp: ServiceProbe = {
  name: 'dns-tcp',
  help: 'Asks a name server for version.bind in class CHAOS, over TCP.',
  services: ['domain'],
  transport: 'tcp',
  opens: 'client',
  ports: [53, 5353, 5300],
  tlsPorts: [853],
  fallbackRank: 9,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? concat(be16(versionQuery.length), versionQuery) : null),
  whole: (answer) => answer.length >= 2 && answer.length >= 2 + u16be(answer, 0),
  classify: (answers) => dnsIdentification((answers[0] ?? new Uint8Array(0)).subarray(2)),
};
