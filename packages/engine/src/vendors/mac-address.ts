/** `aa:bb:cc:dd:ee:ff` as a number of 48 bits; null for anything else. */
export function macBits(mac: string): number | null {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac) ? Number.parseInt(mac.replaceAll(':', ''), 16) : null;
}

/**
 * What an address says of itself (IEEE 802c section 8.1): `group` addresses name several stations, `local` ones were made up by
 * software (virtual machines, containers, privacy addresses), only `universal` ones lead to a maker.
 */
export function macKind(bits: number): 'group' | 'local' | 'universal' {
  const first = Math.floor(bits / 2 ** 40);
  if ((first & 1) !== 0) return 'group';
  return (first & 2) !== 0 ? 'local' : 'universal';
}
