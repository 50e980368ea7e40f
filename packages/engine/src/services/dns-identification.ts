import { latin } from './bytes.ts';
import { type DnsAnswer, decodeDns, firstText } from './dns-message.ts';
import type { Identification } from './probe.ts';

/** What an answer to the version query proves, over TCP and UDP alike. */
export function dnsIdentification(message: Uint8Array): Identification | null {
  const answer = decodeDns(message);
  if (!answer) return null;
  const version = firstText(answer);
  return {
    service: 'domain',
    info: `${version === null ? `version refused (code ${answer.rcode})` : `version.bind "${version}"`}${answer.recursionAvailable ? ', recursion available' : ''}`,
    ...(version !== null
      ? { banners: [{ database: 'dns.versionbind', text: version }] }
      : hidesVersion(answer)
        ? bind
        : {}),
  };
}

const bind = { vendor: 'ISC', product: 'BIND', cpe: 'cpe:/a:isc:bind:-' } as const;

/**
 * BIND serves version.bind as a zone of its own in class CHAOS (BIND 9 reference, "Built-in Server Information Zones"): told not
 * to say its version it still answers for the zone, with its SOA (type 6, class 3) in place of the text.
 */
function hidesVersion(answer: DnsAnswer): boolean {
  const soa = answer.authority.find((record) => record.type === 6 && record.klass === 3);
  return answer.authoritative && answer.rcode === 0 && soa !== undefined && latin(soa.data).includes('hostmaster');
}
