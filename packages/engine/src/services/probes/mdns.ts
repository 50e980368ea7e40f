import { u16be } from '../bytes.ts';
import { decodeDns, dnsQuery } from '../dns-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 6763 section 9: which service types are there. Asked to the one host, with the unicast bit (RFC 6762 section 5.4). */
const request = dnsQuery('_services._dns-sd._udp.local', 12, 0x8001);

/** Asks a multicast DNS responder, by unicast, for the service types it knows. */
export const mdns: ServiceProbe = {
  name: 'mdns',
  help: 'Asks a multicast DNS responder, by unicast, for the service types it knows.',
  services: ['mdns'],
  transport: 'udp',
  opens: 'client',
  ports: [5353],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = decodeDns(answers[0] ?? new Uint8Array(0));
    if (!answer || u16be(answers[0] ?? new Uint8Array(0), 6) < 1) return null;
    return { service: 'mdns', info: `${answer.records.length} service types` };
  },
};
