import { familyBits, parseIp } from '@picket/base/ip';

/**
 * Whether a `no_proxy` list excepts a host, by curl's rules (7.86 and later). `*` alone excepts all. Entries are parted by commas or blanks. For a
 * name: an entry is the name itself or a suffix at a dot, with or without a leading dot, any case, trailing dots on either side ignored. For an
 * address: the same address, or a network `10.0.0.0/8`; a prefix of 0 counts as none. Ports and brackets are no part of an entry: one
 * that has them excepts nothing. Total.
 */
export function exceptsHost(list: string, host: string): boolean {
  if (list === '*') return true;
  const address = parseIp(host);
  const entries = list.split(/[, \t]+/).filter((entry) => entry !== '');
  return entries.some((entry) => (address.ok ? exceptsAddress(entry, host) : exceptsName(entry, host)));
}

function exceptsName(entry: string, host: string): boolean {
  const name = host.replace(/\.$/, '').toLowerCase();
  const suffix = entry.replace(/\.$/, '').replace(/^\./, '').toLowerCase();
  return suffix !== '' && (name === suffix || name.endsWith(`.${suffix}`));
}

function exceptsAddress(entry: string, host: string): boolean {
  const [text = '', length] = entry.split('/', 2);
  const wanted = parseIp(text);
  const own = parseIp(host);
  if (!wanted.ok || !own.ok || wanted.value.family !== own.value.family) return false;
  const width = familyBits(own.value.family);
  const bits = length === undefined ? 0 : Number(/^[0-9]+/.exec(length)?.[0] ?? 0);
  if (bits > width) return false;
  const shift = BigInt(bits === 0 ? 0 : width - bits);
  return wanted.value.bits >> shift === own.value.bits >> shift;
}
