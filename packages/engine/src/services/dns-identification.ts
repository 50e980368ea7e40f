import { decodeDns, firstText } from './dns-message.ts';
import type { Identification } from './probe.ts';

/** What an answer to the version query proves, over TCP and UDP alike. */
export function dnsIdentification(message: Uint8Array): Identification | null {
  const answer = decodeDns(message);
  if (!answer) return null;
  const version = firstText(answer);
  return {
    service: 'domain',
    info: `${version === null ? `version refused (code ${answer.rcode})` : `version.bind "${version}"`}${answer.recursionAvailable ? ', recursion available' : ''}`,
    ...(version === null ? {} : { banners: [{ database: 'dns.versionbind', text: version }] }),
  };
}
