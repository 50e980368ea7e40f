import type { NetworkFacts, PortFacts } from './network-facts.ts';

/** Why the platform can't be reached, as far as the appliance's own network goes: the rows of the console's table. */
export type NetworkCauseKind =
  | 'interface-down'
  | 'no-carrier'
  | 'invalid-configuration'
  | 'no-address'
  | 'no-gateway'
  | 'no-dns-servers'
  | 'dns-failed';

export interface NetworkCause {
  readonly kind: NetworkCauseKind;
  readonly port: 'lan' | 'wan';
  /** IPv4, or IPv6 in IPv6-only mode. */
  readonly family: 4 | 6;
  /** For the log. */
  readonly detail: string;
  /** With `invalid-configuration`: a 127.x address. */
  readonly loopback: boolean;
  /** With `dns-failed`: a server answered, but not with an address. */
  readonly serverAnswered: boolean;
}

/** What a look-up through given servers came to. `answered`: at least one server said something. */
export interface LookupOutcome {
  readonly addresses: readonly string[];
  readonly answered: boolean;
  readonly detail: string;
}

/** Looks a name up, for addresses of one family, at these servers. Never rejects but for the signal. */
export type Lookup = (
  name: string,
  family: 4 | 6,
  servers: readonly string[],
  signal: AbortSignal,
) => Promise<LookupOutcome>;

/** The port that management uses. */
export function managementPort(facts: NetworkFacts): { readonly name: 'lan' | 'wan'; readonly port: PortFacts } {
  return facts.wan === null ? { name: 'lan', port: facts.lan } : { name: 'wan', port: facts.wan };
}

/** The most basic cause that the facts of one port show, from the wire upwards; null when there is none. Pure. */
export function portCause(name: 'lan' | 'wan', port: PortFacts): NetworkCause | null {
  const cause = (kind: NetworkCauseKind, detail: string, loopback = false): NetworkCause => ({
    kind,
    port: name,
    family: port.family,
    detail,
    loopback,
    serverAnswered: false,
  });
  const invalid = port.trouble.find(({ invalidConfiguration }) => invalidConfiguration);
  if (!port.up) return cause('interface-down', `${port.device} is down`);
  if (!port.carrier) return cause('no-carrier', `${port.device} has no carrier: is the cable plugged in?`);
  if (invalid !== undefined) return cause('invalid-configuration', invalid.message, invalid.loopback);
  const own = port.addresses.filter((address) => address.includes(':') === (port.family === 6));
  if (own.length === 0)
    return cause('no-address', port.trouble[0]?.message ?? `${port.device} has no IPv${port.family} address`);
  if (port.gateway === null) return cause('no-gateway', `${port.device} has no IPv${port.family} gateway`);
  if (port.dns.length === 0) return cause('no-dns-servers', `${port.device} has no DNS servers`);
  return null;
}

/**
 * Checks the way to the platform up to its name: LAN first, since it is configured first, then WAN, then the look-up. An address in place of a name
 * needs no servers. Null: nothing is wrong up to there.
 */
export async function networkCause(
  facts: NetworkFacts,
  platform: string | null,
  lookup: Lookup,
  signal: AbortSignal,
): Promise<NetworkCause | null> {
  const literal = platform === null || platform.includes(':') || /^[0-9.]+$/.test(platform);
  const { name, port } = managementPort(facts);
  for (const [each, of] of [
    ['lan', facts.lan],
    ['wan', facts.wan],
  ] as const) {
    const found = of === null ? null : portCause(each, of);
    if (
      found !== null &&
      !(found.kind === 'no-dns-servers' && (literal || each !== name)) &&
      !(found.kind === 'no-gateway' && each !== name)
    )
      return found;
  }
  if (literal) return null;
  const { addresses, answered, detail } = await lookup(platform, port.family, port.dns, signal);
  if (addresses.length > 0) return null;
  return { kind: 'dns-failed', port: name, family: port.family, detail, loopback: false, serverAnswered: answered };
}
