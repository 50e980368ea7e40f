import { parseIp } from '@picket/base/ip';

/** The name to ask for an address (RFC 1035 section 3.5, RFC 3596 section 2.5); null for what is no address. */
export function reverseName(address: string): string | null {
  const parsed = parseIp(address);
  if (!parsed.ok) return null;
  const { bits, family } = parsed.value;
  if (family === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...bits.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa`;
}
