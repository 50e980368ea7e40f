import { addressBytes } from '../wire/address-bytes.ts';
import { be16, be32, concat } from '../services/bytes.ts';
import type { DnsMessage } from '../dns/message.ts';
import { labelsAt } from '../dns/name.ts';

/** The answer to a question about a place: this machine's address, short-lived. `address` null: refused (RFC 1035 section 4.1.1). */
export function oastDnsAnswer(query: Uint8Array, decoded: DnsMessage, address: string | null): Uint8Array {
  const end = (labelsAt(query, 12)?.end ?? 8) + 4;
  const question = query.subarray(12, end);
  const type = decoded.questions[0]?.type;
  const wanted = address === null ? null : address.includes(':') ? 28 : 1;
  const has = address !== null && type === wanted;
  // A response, authoritative; the recursion bit of the question stays.
  const flags = 0x8400 | (decoded.flags & 0x0100) | (address === null ? 5 : 0);
  const head = [decoded.id, flags, 1, has ? 1 : 0, 0, 0].map(be16);
  if (!has) return concat(...head, question);
  const data = addressBytes(address) ?? new Uint8Array(4);
  return concat(...head, question, be16(0xc00c), be16(type ?? 1), be16(1), be32(1), be16(data.length), data);
}
