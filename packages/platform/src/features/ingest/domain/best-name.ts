import type { HostSighting } from './fold-types.ts';

/** Sources of names, the one that people know a host by first. */
const order = ['target', 'ptr', 'netbios', 'smb', 'mdns', 'snmp', 'local', 'certificate', 'banner'];

/** The name to show for a host; null when it has none. */
export function bestName(names: HostSighting['names']): string | null {
  const rank = (source: string) => (order.indexOf(source) + order.length + 1) % (order.length + 1);
  const [best] = [...names].sort((a, b) => rank(a.source) - rank(b.source));
  return best?.name ?? null;
}
