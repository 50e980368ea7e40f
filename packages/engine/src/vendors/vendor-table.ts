import { macBits, macKind } from './mac-address.ts';

/** One registry: prefixes in rising order, and beside each the place of its vendor. */
interface Registry {
  /** Bits below the prefix. */
  readonly rest: number;
  readonly prefixes: Float64Array;
  readonly vendors: Uint16Array;
}

/** Digits of the prefixes of MA-S, MA-M and MA-L: the longest that fits names the maker. */
const digitsOf = [9, 7, 6] as const;

/** Makers by MAC. About half a megabyte beside the vendor names. */
export interface VendorTable {
  readonly registries: readonly Registry[];
  readonly vendors: readonly string[];
}

/** Reads the table as `mac-vendors.txt` has it: vendor, tab, prefixes; lines with # are remarks. Lines that are neither are left out. */
export function readVendorTable(text: string): VendorTable {
  const vendors: string[] = [];
  const entries = new Map<number, number[]>(digitsOf.map((digits) => [digits, []]));
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 1 || line.startsWith('#')) continue;
    for (const prefix of line.slice(tab + 1).split(' '))
      entries.get(prefix.length)?.push(Number.parseInt(prefix, 16) * vendorSpan + vendors.length);
    vendors.push(line.slice(0, tab));
  }
  return { registries: digitsOf.map((digits) => registryOf(digits, entries.get(digits) ?? [])), vendors };
}

/** Prefix and vendor in one number (52 bits), so that they are sorted as numbers: this is read while a scan runs. */
const vendorSpan = 0x1_0000;

function registryOf(digits: number, entries: readonly number[]): Registry {
  const sorted = Float64Array.from(entries).sort();
  const prefixes = sorted.map((entry) => Math.floor(entry / vendorSpan));
  return { rest: 48 - 4 * digits, prefixes, vendors: Uint16Array.from(sorted, (entry) => entry % vendorSpan) };
}

/**
 * Who made the interface with this MAC, by the IEEE registration; for an address that leads to no maker, what it is instead. Null when
 * nobody registered it.
 */
export function vendorOf(table: VendorTable, mac: string): string | null {
  const bits = macBits(mac);
  if (bits === null) return null;
  const kind = macKind(bits);
  if (kind === 'group') return 'group address';
  for (const registry of table.registries) {
    const found = find(registry.prefixes, Math.floor(bits / 2 ** registry.rest));
    if (found >= 0) return table.vendors[registry.vendors[found] ?? -1] ?? null;
  }
  return kind === 'local' ? 'locally administered' : null;
}

function find(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? Number.NaN;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
