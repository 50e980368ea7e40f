import { readFileSync } from 'node:fs';
import { readVendorTable, type VendorTable, vendorOf } from '../vendors/vendor-table.ts';

/** Names makers by MAC from the table that comes with the engine; read (a megabyte, some 40 ms) when the first MAC is seen. */
export function macVendors(): (mac: string) => string | null {
  let table: VendorTable | null = null;
  return (mac) => {
    table ??= readVendorTable(readFileSync(new URL('../vendors/mac-vendors.txt', import.meta.url), 'utf8'));
    return vendorOf(table, mac);
  };
}
