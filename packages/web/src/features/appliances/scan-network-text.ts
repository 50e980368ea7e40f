import type { ScanNetwork, ScanRoute, ScanVlan } from '@picket/contracts/scan-network';

/** A line that says nothing usable, and why. Lines count from 1. */
export interface LineFault {
  readonly line: number;
  readonly message: string;
}

interface Read<T> {
  readonly items: readonly T[];
  readonly faults: readonly LineFault[];
}

/** How a VLAN is written, for the hint beside the field. */
export const vlanForm = 'number, name, IPv4 (dhcp, address/length or -), IPv6 (auto, address/length or -)';
export const routeForm = 'network, gateway, VLAN (empty: the LAN itself)';

/**
 * VLANs as people write and paste them, one a line: `20, Printers, 10.20.0.9/24, auto`. Commas, semicolons or tabs stand between the parts, so
 * rows of a spreadsheet can be pasted. Whether the values make sense together is for the schema to say.
 */
export function readVlans(text: string): Read<ScanVlan> {
  return readLines(text, ([id = '', name = '', ipv4 = '', ipv6 = '']) => {
    if (!isVlanId(id)) return `"${id}" is no VLAN number: 1 to 4094`;
    const four = method(ipv4, 'dhcp');
    const six = method(ipv6, 'auto');
    if (four === 'wrong') return `"${ipv4}" is not dhcp, an address with its prefix length such as 10.20.0.9/24, or -`;
    if (six === 'wrong') return `"${ipv6}" is not auto, an address with its prefix length such as fd00:20::9/64, or -`;
    return {
      id: Number(id),
      name,
      ipv4: four === 'automatic' ? { method: 'dhcp' } : four && { method: 'static', ...four },
      ipv6: six === 'automatic' ? { method: 'automatic' } : six && { method: 'static', ...six },
    };
  });
}

/** Static routes, one a line: `10.30.0.0/16, 10.20.0.1, 20`. */
export function readRoutes(text: string): Read<ScanRoute> {
  return readLines(text, ([destination = '', gateway = '', vlan = '']) => {
    if (gateway === '') return 'a route needs a network and a gateway';
    if (vlan !== '' && !isVlanId(vlan)) return `"${vlan}" is no VLAN number: 1 to 4094, or empty`;
    return { destination, gateway, vlan: vlan === '' ? null : Number(vlan) };
  });
}

export function vlanLines({ vlans }: ScanNetwork): string {
  return vlans
    .map(({ id, name, ipv4, ipv6 }) => {
      const four = ipv4 === null ? '-' : ipv4.method === 'dhcp' ? 'dhcp' : `${ipv4.address}/${ipv4.prefixLength}`;
      const six = ipv6 === null ? '-' : ipv6.method === 'automatic' ? 'auto' : `${ipv6.address}/${ipv6.prefixLength}`;
      return `${id}, ${name}, ${four}, ${six}`;
    })
    .join('\n');
}

export function routeLines({ routes }: ScanNetwork): string {
  return routes
    .map(({ destination, gateway, vlan }) => `${destination}, ${gateway}${vlan === null ? '' : `, ${vlan}`}`)
    .join('\n');
}

function isVlanId(text: string): boolean {
  return /^[0-9]{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 4094;
}

function readLines<T>(text: string, read: (parts: readonly string[]) => T | string): Read<T> {
  const items: T[] = [];
  const faults: LineFault[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const item = read(line.split(/[,;\t]/).map((part) => part.trim()));
    if (typeof item === 'string') faults.push({ line: index + 1, message: item });
    else items.push(item);
  }
  return { items, faults };
}

/** An address with its prefix length, `automatic`, or null for `-` and nothing. */
function method(
  text: string,
  automatic: string,
): { address: string; prefixLength: number } | 'automatic' | 'wrong' | null {
  if (text === '' || text === '-') return null;
  if (text.toLowerCase() === automatic) return 'automatic';
  const match = /^([0-9a-fA-F.:]{2,45})\/([0-9]{1,3})$/.exec(text);
  return match ? { address: match[1] ?? '', prefixLength: Number(match[2]) } : 'wrong';
}
