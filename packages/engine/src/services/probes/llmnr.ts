import { u16be } from '../bytes.ts';
import { decodeDns, dnsQuery } from '../dns-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** A query to the one host (RFC 4795 section 2.4 allows unicast for reverse look-ups) for the name of 127.0.0.1. */
const request = dnsQuery('1.0.0.127.in-addr.arpa', 12, 1);

/** Asks a Windows or systemd host for a name over link-local multicast name resolution. */
export const llmnr: ServiceProbe = {
  name: 'llmnr',
  help: 'Asks a responder of link-local names, by unicast.',
  services: ['llmnr'],
  transport: 'udp',
  opens: 'client',
  ports: [5355],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    return decodeDns(answer) && (u16be(answer, 2) & 0x8000) !== 0 ? { service: 'llmnr' } : null;
  },
};
