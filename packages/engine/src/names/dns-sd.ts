import { type DnsRecord, recordTypes } from './dns-records.ts';

/** Asks for the types of service that a host announces (RFC 6763 section 9). */
export const serviceTypesName = '_services._dns-sd._udp.local';

/** What multicast DNS answers tell of a host. */
export interface DnsSdFacts {
  /** Host names without the final dot, `printer.local`. */
  readonly hostnames: readonly string[];
  /** `_ipp._tcp`. */
  readonly serviceTypes: readonly string[];
  /** Canonical addresses that the host gives itself. */
  readonly addresses: readonly string[];
}

/** Longest lists; a host may announce anything. */
const mostEach = 32;

/**
 * Gathers the facts of some answers to one host. A host name is the target of an SRV record, the answer to a reverse question, or the
 * owner of an address record.
 */
export function dnsSdFacts(records: readonly DnsRecord[]): DnsSdFacts {
  const hostnames = new Set<string>();
  const serviceTypes = new Set<string>();
  const addresses = new Set<string>();
  for (const { name, type, value } of records) {
    if (value === null || value === '') continue;
    if (type === recordTypes.srv) hostnames.add(value.toLowerCase());
    if (type === recordTypes.ptr && /\.(?:in-addr|ip6)\.arpa$/i.test(name)) hostnames.add(value.toLowerCase());
    if (type === recordTypes.ptr && name.toLowerCase() === serviceTypesName) serviceTypes.add(shortType(value));
    if (type === recordTypes.a || type === recordTypes.aaaa) {
      hostnames.add(name.toLowerCase());
      addresses.add(value);
    }
  }
  const bounded = (set: ReadonlySet<string>) => [...set].slice(0, mostEach);
  return { hostnames: bounded(hostnames), serviceTypes: bounded(serviceTypes), addresses: bounded(addresses) };
}

/** `_ipp._tcp.local` is `_ipp._tcp`. */
function shortType(name: string): string {
  return name.toLowerCase().replace(/\.local$/, '');
}
