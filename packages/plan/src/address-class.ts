import { cidrRange, type IpRange, parseIp } from '@picket/base/ip';
import { intersect, type RangeSet, rangeSet, subtract } from '@picket/base/range-set';

/** Ranges by prefix, from the IANA special-purpose registries (RFC 6890 and its updates). */
function prefixes(...texts: readonly string[]): RangeSet {
  return rangeSet(
    texts.map((text): IpRange => {
      const [address = '', prefix = ''] = text.split('/');
      const parsed = parseIp(address);
      if (!parsed.ok) throw new Error(`bad constant ${text}`);
      return cidrRange(parsed.value, Number(prefix));
    }),
  );
}

/** Loopback (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export const loopback = prefixes('127.0.0.0/8', '::1/128');

/** Never a scan target: "this" network, multicast, class E, broadcast, unspecified (RFC 1122, 5771, 1112, 4291). */
export const unscannable = prefixes('0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'ff00::/8');

/** Internal: RFC 1918, shared (RFC 6598), link-local (RFC 3927, 4291), unique local (RFC 4193), loopback, benchmarking (RFC 2544), documentation (RFC 5737, 3849). */
export const internal = prefixes(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  '198.18.0.0/15',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
  '2001:db8::/32',
);

/** The part of a set that belongs to the public Internet: scanning it needs somebody's recorded word. */
export function publicPart(set: RangeSet): RangeSet {
  return subtract(subtract(set, internal), unscannable);
}

/** The part of a set that can't be scanned at all. */
export function unscannablePart(set: RangeSet): RangeSet {
  return intersect(set, unscannable);
}
