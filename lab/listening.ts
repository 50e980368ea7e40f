/** A port on which a host listens, for one address family. */
export interface ListeningPort {
  readonly transport: 'tcp' | 'udp';
  readonly family: 'ipv4' | 'ipv6';
  readonly port: number;
}

/**
 * Reads what `ss -ltnuH` prints: each listening port once per address family. Sockets bound to loopback or link-local addresses are left
 * out, nobody else can reach them. Pure.
 */
export function parseListening(output: string): readonly ListeningPort[] {
  const found = new Map<string, ListeningPort>();
  for (const line of output.split('\n')) {
    const columns = line.trim().split(/\s+/);
    const local = columns[4];
    const transport = columns[0];
    if (local === undefined || (transport !== 'tcp' && transport !== 'udp')) continue;
    const colon = local.lastIndexOf(':');
    const address = local.slice(0, colon).replace(/%.*$/, '');
    for (const family of familiesOf(address)) {
      const port = { transport, family, port: Number(local.slice(colon + 1)) } as const;
      found.set(portKey(port), port);
    }
  }
  return [...found.values()];
}

/** A port as text, `tcp/ipv4/80`, to compare and to print. */
export function portKey(port: ListeningPort): string {
  return `${port.transport}/${port.family}/${port.port}`;
}

function familiesOf(address: string): readonly ('ipv4' | 'ipv6')[] {
  if (address === '*') return ['ipv4', 'ipv6'];
  const bare = address.replaceAll(/[[\]]/g, '');
  if (bare.startsWith('127.') || bare === '::1' || bare.startsWith('fe80:')) return [];
  return bare.includes(':') ? ['ipv6'] : ['ipv4'];
}
